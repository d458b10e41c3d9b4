package dev.imagespec.runtime.compose;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.registry.BlobSource;
import java.util.List;
import java.util.Optional;

/**
 * What an image is put on: a base's layers and configuration on one platform.
 *
 * @param name the base's reference in its normal form, for messages and labels
 * @param digest the digest of its manifest; empty for {@code scratch} and for another task's image
 * @param source the repository that holds its layers; empty for {@code scratch}
 * @param layers its layers, lowest first
 * @param config its configuration, whole; not to be changed
 */
record BaseManifest(
    String name,
    Optional<Digest> digest,
    Optional<Repository> source,
    List<BaseLayer> layers,
    ObjectNode config) {

  /**
   * A layer of a base.
   *
   * @param descriptor its descriptor with OCI's media type, whole
   * @param blob its bytes, in the base's registry
   */
  record BaseLayer(ObjectNode descriptor, BlobSource blob) {}
}
