package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.plan.PlannedImage;

/** What became of an image that was to be published. */
public sealed interface Outcome {
  /** The image as it was planned. */
  PlannedImage plan();

  /**
   * It is in its repository.
   *
   * @param digest what its tag names there
   * @param pushed whether this registration pushed it, rather than finding an equal one
   * @param bytesUploaded bytes of blobs that went up for it first
   */
  record Published(PlannedImage plan, Digest digest, boolean pushed, long bytesUploaded)
      implements Outcome {}

  /**
   * It is not in its repository.
   *
   * @param cause why
   */
  record Failed(PlannedImage plan, ImageSpecException cause) implements Outcome {}
}
