package dev.imagespec.runtime.oci;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A manifest or an index, byte for byte as a registry stores it.
 *
 * @param mediaType its media type: a manifest's or an index's
 * @param bytes its bytes; not to be changed
 * @param digest the digest of the bytes
 */
@SuppressWarnings("ArrayRecordComponent") // equality is the digest's
public record RawManifest(MediaType mediaType, byte[] bytes, Digest digest) {
  private static final Set<String> GENERIC =
      Set.of(
          "application/json",
          "application/octet-stream",
          "binary/octet-stream",
          "text/json",
          "text/plain");

  public RawManifest {
    if (!mediaType.isImage()) {
      throw new IllegalArgumentException(mediaType + " is neither a manifest nor an index");
    }
  }

  /** A manifest, with the digest computed from its bytes. */
  public static RawManifest of(MediaType mediaType, byte[] bytes) {
    return new RawManifest(mediaType, bytes, Digest.of(bytes));
  }

  /**
   * A manifest from a registry's answer.
   *
   * @param mediaType the media type that the registry states; one that says nothing of images, such
   *     as {@code application/json}, counts as none: then the document's own counts, or its fields
   * @throws InvalidDocumentException if the media type is neither a manifest's nor an index's, or
   *     contradicts the document, or if the document is not a JSON object
   */
  public static RawManifest read(String mediaType, byte[] bytes) throws InvalidDocumentException {
    String declared = declaredType(bytes);
    String stated = isGeneric(mediaType) ? "" : mediaType;
    if (!declared.isEmpty() && !stated.isEmpty() && !declared.equals(stated)) {
      throw new InvalidDocumentException(
          "it is sent as \""
              + Fields.quoted(mediaType)
              + "\" but says that it is \""
              + Fields.quoted(declared)
              + "\"");
    }
    String type = declared.isEmpty() ? stated : declared;
    if (type.isEmpty()) {
      return of(typeByFields(mediaType, bytes), bytes);
    }
    return of(
        MediaType.of(type).filter(MediaType::isImage).orElseThrow(() -> noImage(type)), bytes);
  }

  private static InvalidDocumentException noImage(String type) {
    return new InvalidDocumentException(
        "it is of the type \"" + Fields.quoted(type) + "\", which is no image's");
  }

  /** Whether a media type tells nothing about a document: what servers send for any file. */
  private static boolean isGeneric(String mediaType) {
    return mediaType.isEmpty() || GENERIC.contains(mediaType.toLowerCase(Locale.ROOT));
  }

  /** The type of a document that nobody states: only OCI's documents may leave that out. */
  private static MediaType typeByFields(String mediaType, byte[] bytes)
      throws InvalidDocumentException {
    Fields fields = Fields.parse(bytes);
    if (fields.has("manifests")) {
      return MediaType.OCI_INDEX;
    }
    if (fields.has("config") && fields.has("layers")) {
      return MediaType.OCI_MANIFEST;
    }
    throw noImage(mediaType);
  }

  /**
   * The media type that a document states itself.
   *
   * @return empty if it states none: OCI documents need not
   * @throws InvalidDocumentException if the bytes are not a JSON object
   */
  public static String declaredType(byte[] bytes) throws InvalidDocumentException {
    return Fields.parse(bytes).text("mediaType").orElse("");
  }

  /**
   * Parses it according to its media type.
   *
   * @throws InvalidDocumentException if the document does not match its media type
   */
  public ImageDocument parse() throws InvalidDocumentException {
    return mediaType.kind() == MediaType.Kind.INDEX
        ? ImageIndex.parse(bytes)
        : ImageManifest.parse(bytes);
  }

  /**
   * The digest of each platform's manifest: an index lists them; a manifest has only its own.
   *
   * @param platforms the platforms that the image was built for
   * @throws InvalidDocumentException if the document does not match its media type
   */
  public SortedMap<Platform, Digest> digests(Collection<Platform> platforms)
      throws InvalidDocumentException {
    SortedMap<Platform, Digest> digests = new TreeMap<>();
    if (parse() instanceof ImageIndex index) {
      digests.putAll(index.platforms());
      digests.keySet().retainAll(platforms);
    } else {
      platforms.stream().limit(1).forEach(platform -> digests.put(platform, digest));
    }
    return digests;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawManifest that
        && mediaType.equals(that.mediaType)
        && Arrays.equals(bytes, that.bytes);
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
