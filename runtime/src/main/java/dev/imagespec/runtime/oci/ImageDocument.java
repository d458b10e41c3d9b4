package dev.imagespec.runtime.oci;

/** What a tag can name: one image, or an index of images for several platforms. */
public sealed interface ImageDocument permits ImageManifest, ImageIndex {}
