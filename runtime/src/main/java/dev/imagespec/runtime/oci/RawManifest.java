package dev.imagespec.runtime.oci;

import dev.imagespec.model.Digest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A manifest or an index, byte for byte as a registry keeps it.
 *
 * @param mediaType its media type, a manifest's or an index's
 * @param bytes its bytes; not to be changed
 * @param digest the digest of the bytes
 */
@SuppressWarnings("ArrayRecordComponent") // equality is the digest's
public record RawManifest(MediaType mediaType, byte[] bytes, Digest digest) {
  public RawManifest {
    if (!mediaType.isImage()) {
      throw new IllegalArgumentException(mediaType + " is neither a manifest nor an index");
    }
  }

  /** A manifest whose digest is computed from its bytes. */
  public static RawManifest of(MediaType mediaType, byte[] bytes) {
    return new RawManifest(mediaType, bytes, Digest.of(bytes));
  }

  /**
   * A manifest with the media type that a registry states.
   *
   * @throws InvalidDocumentException if that is neither a manifest's nor an index's
   */
  public static RawManifest of(String mediaType, byte[] bytes) throws InvalidDocumentException {
    MediaType type =
        MediaType.of(mediaType)
            .filter(MediaType::isImage)
            .orElseThrow(
                () ->
                    new InvalidDocumentException(
                        "its media type is \"" + Fields.quoted(mediaType) + "\""));
    return of(type, bytes);
  }

  /**
   * The media type that a manifest itself says it has.
   *
   * @return an empty text if it does not say: OCI's documents need not
   * @throws InvalidDocumentException if the bytes are no JSON object
   */
  public static String declaredType(byte[] bytes) throws InvalidDocumentException {
    return Fields.parse(bytes).text("mediaType").orElse("");
  }

  /**
   * Parses it by its media type.
   *
   * @throws InvalidDocumentException if it is not what that says
   */
  public ImageDocument parse() throws InvalidDocumentException {
    return mediaType.kind() == MediaType.Kind.INDEX
        ? ImageIndex.parse(bytes)
        : ImageManifest.parse(bytes);
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
