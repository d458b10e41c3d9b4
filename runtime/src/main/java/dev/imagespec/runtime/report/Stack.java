package dev.imagespec.runtime.report;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.work.Attempt;
import java.util.List;
import java.util.Optional;

/**
 * An image as a stack of parts.
 *
 * @param image the image
 * @param parts ids of its parts, lowest first
 * @param note why its parts are not as they are in the registry; else empty
 */
public record Stack(PlannedImage image, List<String> parts, String note) {
  public Stack {
    parts = List.copyOf(parts);
  }

  /**
   * An image of which the layers are to be found out.
   *
   * @param image the image
   * @param digest the digest that its tag names; empty if it does not exist
   * @param read manifests of it that are at hand
   */
  public record Wanted(PlannedImage image, Optional<Digest> digest, List<RawManifest> read) {
    public Wanted {
      read = List.copyOf(read);
    }
  }

  /**
   * An image with what its registry says of its layers.
   *
   * @param image the image
   * @param layers its layers; empty if it does not exist
   */
  record Found(PlannedImage image, Attempt<Optional<List<Part.Layer>>> layers) {}
}
