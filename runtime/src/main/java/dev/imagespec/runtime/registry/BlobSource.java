package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a blob, which can be read more than once: an upload that breaks off starts again.
 */
public interface BlobSource {
  /** The blob's digest. */
  Digest digest();

  /** The blob's length in bytes. */
  long size();

  /** Opens the bytes from their start. */
  InputStream open() throws IOException;

  /** A blob in memory; the bytes are not to be changed. */
  static BlobSource of(byte[] bytes) {
    Digest digest = Digest.of(bytes);
    return new BlobSource() {
      @Override
      public Digest digest() {
        return digest;
      }

      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }
}
