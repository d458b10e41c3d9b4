package dev.imagespec.runtime.target;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.RawManifest;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An image that a tag names.
 *
 * @param top the digest that the tag names: a manifest's or an index's
 * @param platforms the digest of each platform's manifest
 * @param read the manifests and indexes of it that the answer brought along; may be empty
 */
public record ImageDigests(Digest top, Map<Platform, Digest> platforms, List<RawManifest> read) {
  public ImageDigests {
    platforms = Collections.unmodifiableMap(new TreeMap<>(platforms));
    read = List.copyOf(read);
  }

  /** An image for one platform, without an index. */
  static ImageDigests of(Digest manifest, Platform platform) {
    return new ImageDigests(manifest, Map.of(platform, manifest), List.of());
  }

  /**
   * An image from its manifest or index.
   *
   * @param tag the tag that names it, for the message
   * @param platforms the platforms that it was built for
   * @throws ImageSpecException with {@link FailureCode#PROTOCOL} if it cannot be read
   */
  static ImageDigests of(String tag, RawManifest manifest, Collection<Platform> platforms) {
    try {
      return new ImageDigests(manifest.digest(), manifest.digests(platforms), List.of(manifest));
    } catch (InvalidDocumentException e) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          "The tag " + tag + " names something that cannot be read: " + e.getMessage() + ".",
          e);
    }
  }
}
