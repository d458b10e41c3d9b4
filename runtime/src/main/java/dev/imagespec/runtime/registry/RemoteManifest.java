package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A manifest or an index, byte for byte as a registry keeps it.
 *
 * @param mediaType its media type, without parameters
 * @param bytes its bytes; not to be changed
 * @param digest the digest of the bytes
 */
@SuppressWarnings("ArrayRecordComponent") // equality is the digest's
public record RemoteManifest(String mediaType, byte[] bytes, Digest digest) {

  /** A manifest whose digest is computed from its bytes. */
  public static RemoteManifest of(String mediaType, byte[] bytes) {
    return new RemoteManifest(mediaType, bytes, Digest.of(bytes));
  }

  /** The manifest's JSON text. */
  public String json() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RemoteManifest that
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
