package dev.imagespec.runtime.compose;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageConfig;
import dev.imagespec.runtime.registry.BlobSource;
import java.util.List;
import java.util.Map;

/**
 * A base's layers and configuration for one platform: what an image is built on.
 *
 * @param name the base's reference in its normal form, for messages
 * @param labels labels with which images on it name it; empty for {@code scratch} and for another
 *     task's image
 * @param layers its layers, lowest first
 * @param config its whole configuration
 */
record BaseManifest(
    String name, Map<String, String> labels, List<BaseLayer> layers, ImageConfig config) {
  BaseManifest {
    labels = Map.copyOf(labels);
    layers = List.copyOf(layers);
  }

  /**
   * A layer of a base.
   *
   * @param descriptor its whole descriptor, with OCI's media type
   * @param blob its bytes, in the base's registry
   * @param origin the repository that has it
   */
  record BaseLayer(Descriptor descriptor, BlobSource blob, Repository origin) {}
}
