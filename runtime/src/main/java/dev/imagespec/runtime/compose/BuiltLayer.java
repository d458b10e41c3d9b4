package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.registry.BlobSource;

/**
 * A payload layer, ready to be pushed.
 *
 * @param name what it contains
 * @param blob its gzipped tar
 * @param diffId the digest of the uncompressed tar
 */
public record BuiltLayer(String name, BlobSource blob, Digest diffId) {}
