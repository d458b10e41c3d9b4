package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.plan.PlannedImage;

/**
 * An image that is in its repository.
 *
 * @param plan the image as it was planned
 * @param digest what its tag names there
 * @param pushed whether this registration pushed it, rather than finding an equal one
 * @param bytesUploaded bytes of blobs that went up for it first
 */
public record Published(PlannedImage plan, Digest digest, boolean pushed, long bytesUploaded) {}
