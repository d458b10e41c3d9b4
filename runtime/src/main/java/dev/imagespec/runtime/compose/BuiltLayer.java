package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.registry.BlobSource;

/**
 * A payload layer as it goes to a registry.
 *
 * @param name what it holds
 * @param blob its gzipped tar
 * @param diffId the digest of the tar itself
 */
public record BuiltLayer(String name, BlobSource blob, Digest diffId) {}
