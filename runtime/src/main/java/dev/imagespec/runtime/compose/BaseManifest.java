package dev.imagespec.runtime.compose;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageConfig;
import dev.imagespec.runtime.registry.BlobSource;
import java.util.List;
import java.util.Map;

/**
 * What an image is put on: a base's layers and configuration on one platform.
 *
 * @param name the base's reference in its normal form, for messages
 * @param labels what images on it say of it; none on {@code scratch} and on another task's image
 * @param layers its layers, lowest first
 * @param config its configuration, whole
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
   * @param descriptor its descriptor with OCI's media type, whole
   * @param blob its bytes, in the base's registry
   * @param origin the repository that has it
   */
  record BaseLayer(Descriptor descriptor, BlobSource blob, Repository origin) {}
}
