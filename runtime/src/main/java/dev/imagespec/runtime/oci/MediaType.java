package dev.imagespec.runtime.oci;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The media types of images: those of the OCI image specification, and those of Docker's schema 2.
 */
public enum MediaType {
  OCI_INDEX("application/vnd.oci.image.index.v1+json", Kind.INDEX),
  OCI_MANIFEST("application/vnd.oci.image.manifest.v1+json", Kind.MANIFEST),
  OCI_CONFIG("application/vnd.oci.image.config.v1+json", Kind.CONFIG),
  OCI_LAYER("application/vnd.oci.image.layer.v1.tar", Kind.LAYER),
  OCI_LAYER_GZIP("application/vnd.oci.image.layer.v1.tar+gzip", Kind.LAYER),
  OCI_LAYER_ZSTD("application/vnd.oci.image.layer.v1.tar+zstd", Kind.LAYER),
  OCI_FOREIGN_LAYER("application/vnd.oci.image.layer.nondistributable.v1.tar", Kind.FOREIGN_LAYER),
  OCI_FOREIGN_LAYER_GZIP(
      "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", Kind.FOREIGN_LAYER),
  OCI_FOREIGN_LAYER_ZSTD(
      "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", Kind.FOREIGN_LAYER),
  DOCKER_INDEX("application/vnd.docker.distribution.manifest.list.v2+json", Kind.INDEX, OCI_INDEX),
  DOCKER_MANIFEST(
      "application/vnd.docker.distribution.manifest.v2+json", Kind.MANIFEST, OCI_MANIFEST),
  DOCKER_CONFIG("application/vnd.docker.container.image.v1+json", Kind.CONFIG, OCI_CONFIG),
  DOCKER_LAYER("application/vnd.docker.image.rootfs.diff.tar", Kind.LAYER, OCI_LAYER),
  DOCKER_LAYER_GZIP(
      "application/vnd.docker.image.rootfs.diff.tar.gzip", Kind.LAYER, OCI_LAYER_GZIP),
  DOCKER_LAYER_ZSTD(
      "application/vnd.docker.image.rootfs.diff.tar.zstd", Kind.LAYER, OCI_LAYER_ZSTD),
  DOCKER_FOREIGN_LAYER(
      "application/vnd.docker.image.rootfs.foreign.diff.tar",
      Kind.FOREIGN_LAYER,
      OCI_FOREIGN_LAYER),
  DOCKER_FOREIGN_LAYER_GZIP(
      "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
      Kind.FOREIGN_LAYER,
      OCI_FOREIGN_LAYER_GZIP);

  /** The kind of document or blob. */
  public enum Kind {
    /** Lists a manifest for each platform. */
    INDEX,
    /** Lists a configuration and layers. */
    MANIFEST,
    CONFIG,
    LAYER,
    /** A layer whose bytes are outside its registry. */
    FOREIGN_LAYER
  }

  private static final Map<String, MediaType> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(MediaType::toString, Function.identity()));

  private static final List<String> IMAGES =
      Stream.of(OCI_INDEX, OCI_MANIFEST, DOCKER_INDEX, DOCKER_MANIFEST)
          .map(MediaType::toString)
          .toList();

  private final String name;
  private final Kind kind;
  private final @Nullable MediaType oci;

  MediaType(String name, Kind kind) {
    this(name, kind, null);
  }

  MediaType(String name, Kind kind, @Nullable MediaType oci) {
    this.name = name;
    this.kind = kind;
    this.oci = oci;
  }

  /**
   * The media type with this name.
   *
   * @param name the name in a document, without parameters
   * @return empty if it is not a media type of images
   */
  public static Optional<MediaType> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The media types that a registry may answer with when an image is requested. */
  public static List<String> ofImages() {
    return IMAGES;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether a tag can name a document of this type: a manifest or an index. */
  public boolean isImage() {
    return kind == Kind.MANIFEST || kind == Kind.INDEX;
  }

  /** The OCI media type for the same bytes. Docker's types differ only in their names. */
  public MediaType oci() {
    return oci == null ? this : oci;
  }

  /** The name in documents and headers. */
  @Override
  public String toString() {
    return name;
  }
}
