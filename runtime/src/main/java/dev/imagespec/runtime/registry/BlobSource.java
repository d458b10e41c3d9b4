package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.http.Body;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/**
 * The bytes of a blob. They can be read several times, since an upload that breaks off starts
 * again.
 */
public interface BlobSource extends Body {
  /** The blob's digest. */
  Digest digest();

  /** A blob in memory; do not change the bytes afterwards. */
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
