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
   * A manifest as a registry answers with it.
   *
   * @param mediaType the media type that the registry states
   * @throws InvalidDocumentException if that is neither a manifest's nor an index's, or not what
   *     the document itself says; or if the document is no JSON object
   */
  public static RawManifest read(String mediaType, byte[] bytes) throws InvalidDocumentException {
    String declared = declaredType(bytes);
    if (!declared.isEmpty() && !declared.equals(mediaType)) {
      throw new InvalidDocumentException(
          "it is sent as \""
              + Fields.quoted(mediaType)
              + "\" but says that it is \""
              + Fields.quoted(declared)
              + "\"");
    }
    return of(
        MediaType.of(mediaType)
            .filter(MediaType::isImage)
            .orElseThrow(
                () ->
                    new InvalidDocumentException(
                        "it is of the type \""
                            + Fields.quoted(mediaType)
                            + "\", which is no image's")),
        bytes);
  }

  /**
   * The media type that a document itself says it has.
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
