package dev.imagespec.runtime.compose;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.Map;

/** Media types of the OCI image specification, and what Docker's become in an OCI image. */
final class MediaTypes {
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String INDEX = "application/vnd.oci.image.index.v1+json";
  static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  static final String LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
  private static final String LAYER_ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd";

  /** The bytes are the same; only the name differs. */
  private static final Map<String, String> LAYERS =
      Map.of(
          LAYER,
          LAYER,
          LAYER_GZIP,
          LAYER_GZIP,
          LAYER_ZSTD,
          LAYER_ZSTD,
          "application/vnd.docker.image.rootfs.diff.tar",
          LAYER,
          "application/vnd.docker.image.rootfs.diff.tar.gzip",
          LAYER_GZIP,
          "application/vnd.docker.image.rootfs.diff.tar.zstd",
          LAYER_ZSTD);

  private MediaTypes() {}

  /**
   * The OCI media type of a base's layer.
   *
   * @throws ImageSpecException if no image can be put on a layer of this type
   */
  static String ofLayer(String mediaType, String base) {
    String type = LAYERS.get(mediaType);
    if (type == null) {
      boolean foreign = mediaType.contains("foreign") || mediaType.contains("nondistributable");
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The base image "
              + base
              + (foreign
                  ? " has a foreign layer, whose bytes stand outside its registry"
                  : " has a layer of the unknown type " + mediaType)
              + "; use another base image.");
    }
    return type;
  }
}
