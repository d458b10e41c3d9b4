package dev.imagespec.runtime.oci;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refers to a manifest or a blob (OCI image specification, "Descriptor"). Keeps unknown fields and
 * annotations.
 */
public final class Descriptor {
  private static final String MEDIA_TYPE = "mediaType";
  private static final String DIGEST = "digest";
  private static final String SIZE = "size";
  private static final String PLATFORM = "platform";
  private static final String URLS = "urls";

  /** The platform fields of attestations: they are in an index, but do not run. */
  private static final String UNKNOWN = "unknown";

  private final String mediaType;
  private final Digest digest;
  private final long size;
  private final @Nullable Platform platform;
  private final boolean isElsewhere;
  private final ObjectNode node;

  private Descriptor(
      String mediaType,
      Digest digest,
      long size,
      @Nullable Platform platform,
      boolean isElsewhere,
      ObjectNode node) {
    this.mediaType = mediaType;
    this.digest = digest;
    this.size = size;
    this.platform = platform;
    this.isElsewhere = isElsewhere;
    this.node = node;
  }

  static Descriptor parse(Fields fields) throws InvalidDocumentException {
    ObjectNode whole = fields.node();
    String mediaType = fields.text(MEDIA_TYPE).orElse("");
    Digest digest = fields.digest(DIGEST);
    long size = fields.size(SIZE);
    return new Descriptor(
        mediaType,
        digest,
        size,
        platform(fields),
        !fields.texts(URLS).isEmpty(),
        ordered(mediaType, digest, size, whole));
  }

  /** The platform; null for one that no image of ours can be for, which stops nobody else. */
  private static @Nullable Platform platform(Fields fields) {
    try {
      return knownPlatform(fields);
    } catch (InvalidDocumentException e) {
      return null;
    }
  }

  private static @Nullable Platform knownPlatform(Fields fields) throws InvalidDocumentException {
    Optional<Fields> platform = fields.object(PLATFORM);
    if (platform.isEmpty()) {
      return null;
    }
    String os = platform.get().text("os").orElse("");
    String architecture = platform.get().text("architecture").orElse("");
    if (os.isEmpty() || architecture.isEmpty() || os.equals(UNKNOWN)) {
      return null;
    }
    return PlatformFields.of(os, architecture, platform.get().text("variant").orElse(""));
  }

  /** A descriptor of content that is about to be written. */
  public static Descriptor of(MediaType type, Digest digest, long size) {
    return new Descriptor(
        type.toString(),
        digest,
        size,
        null,
        false,
        ordered(type.toString(), digest, size, Fields.newObject()));
  }

  /** The descriptor of a manifest in an index. */
  public static Descriptor of(RawManifest manifest, Platform platform) {
    return of(manifest, platform, ImageConfig.empty(platform));
  }

  /**
   * The descriptor of a manifest in an index. Says of its platform exactly what the image's
   * configuration says, since tools compare the two.
   */
  public static Descriptor of(RawManifest manifest, Platform platform, ImageConfig config) {
    ObjectNode node =
        ordered(
            manifest.mediaType().toString(),
            manifest.digest(),
            manifest.bytes().length,
            Fields.newObject());
    ObjectNode fields = node.putObject(PLATFORM);
    config.platformFields().forEach(fields::set);
    return new Descriptor(
        manifest.mediaType().toString(),
        manifest.digest(),
        manifest.bytes().length,
        platform,
        false,
        node);
  }

  /** The three fields that every descriptor has, then all others. */
  private static ObjectNode ordered(String mediaType, Digest digest, long size, ObjectNode whole) {
    ObjectNode node = Fields.newObject();
    node.put(MEDIA_TYPE, mediaType);
    node.put(DIGEST, digest.toString());
    node.put(SIZE, size);
    whole
        .properties()
        .forEach(
            field -> {
              if (!node.has(field.getKey()) && !field.getValue().isNull()) {
                node.set(field.getKey(), field.getValue().deepCopy());
              }
            });
    return node;
  }

  /** The same bytes with another media type. */
  public Descriptor withMediaType(MediaType type) {
    return new Descriptor(
        type.toString(),
        digest,
        size,
        platform,
        isElsewhere,
        ordered(type.toString(), digest, size, node));
  }

  /** The media type as it is written; empty if it is absent. */
  public String mediaTypeName() {
    return mediaType;
  }

  /** The media type; empty if it is not one of an image. */
  public Optional<MediaType> mediaType() {
    return MediaType.of(mediaType);
  }

  public Digest digest() {
    return digest;
  }

  /** The length of the content, in bytes. */
  public long size() {
    return size;
  }

  /**
   * The platform of a manifest in an index; empty for an attestation, which does not run, and for
   * an odd platform.
   */
  public Optional<Platform> platform() {
    return Optional.ofNullable(platform);
  }

  /** Whether it has addresses outside its registry ({@code urls}). These are never fetched. */
  public boolean isElsewhere() {
    return isElsewhere;
  }

  ObjectNode toJson() {
    return node.deepCopy();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Descriptor that && node.equals(that.node);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return mediaType + " " + digest;
  }
}
