package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.PlannedImage;
import java.util.Map;
import java.util.Optional;

/**
 * An image that exists in its repository.
 *
 * @param plan the image as it was planned
 * @param digest the digest that its tag names there
 * @param platforms the digest of each platform's manifest
 * @param top what its tag names there, if that was written or read
 * @param pushed whether this registration pushed it; false if it found an equal one
 * @param bytesUploaded bytes of blobs uploaded for this image first
 */
public record Published(
    PlannedImage plan,
    Digest digest,
    Map<Platform, Digest> platforms,
    Optional<RawManifest> top,
    boolean pushed,
    long bytesUploaded) {

  /**
   * An image that exists in its repository.
   *
   * @param top what its tag names there
   * @throws ImageSpecException with {@link FailureCode#PROTOCOL} if that cannot be read
   */
  static Published of(PlannedImage plan, RawManifest top, boolean pushed, long bytesUploaded) {
    try {
      return new Published(
          plan,
          top.digest(),
          top.digests(plan.spec().base().platforms()),
          Optional.of(top),
          pushed,
          bytesUploaded);
    } catch (InvalidDocumentException e) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          "The tag " + plan + " names something that cannot be read: " + e.getMessage() + ".",
          e);
    }
  }
}
