package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.PlannedImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An image that exists in its repository.
 *
 * @param plan the image as it was planned
 * @param digest the digest that its tag names there
 * @param platforms the digest of each platform's manifest
 * @param read the manifests and indexes of it that are at hand
 * @param pushed whether this registration pushed it; false if it found an equal one
 * @param bytesUploaded bytes of blobs uploaded for this image first
 */
public record Published(
    PlannedImage plan,
    Digest digest,
    Map<Platform, Digest> platforms,
    List<RawManifest> read,
    boolean pushed,
    long bytesUploaded) {
  public Published {
    read = List.copyOf(read);
  }

  /** What its tag names there, if that is at hand. */
  public Optional<RawManifest> top() {
    return read.stream().filter(manifest -> manifest.digest().equals(digest)).findFirst();
  }

  /** An image that existed when it was planned. */
  public static Published reused(PlannedImage plan) {
    return new Published(
        plan, plan.existing().orElseThrow(), plan.platforms(), plan.read(), false, 0);
  }

  /**
   * An image that exists in its repository.
   *
   * @param top what its tag names there
   * @param children the platforms' manifests, as far as they are at hand
   * @throws ImageSpecException with {@link FailureCode#PROTOCOL} if that cannot be read
   */
  static Published of(
      PlannedImage plan,
      RawManifest top,
      List<RawManifest> children,
      boolean pushed,
      long bytesUploaded) {
    try {
      return new Published(
          plan,
          top.digest(),
          top.digests(plan.spec().base().platforms()),
          Stream.concat(Stream.of(top), children.stream()).toList(),
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
