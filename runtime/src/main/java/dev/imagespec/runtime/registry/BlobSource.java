package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Body;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The bytes of a blob. They can be read several times, since an upload that breaks off starts
 * again.
 */
public interface BlobSource extends Body {
  /** The blob's digest. */
  Digest digest();

  /**
   * Whether its digest and its size were computed from its bytes; else an earlier process did that,
   * and they may be wrong.
   */
  default boolean isCertain() {
    return true;
  }

  /**
   * Makes the bytes, if that takes long and is not done yet, before a registry waits for them.
   *
   * @throws ImageSpecException if they cannot be made
   */
  default void prepare() {}

  /**
   * Writes the bytes to a new file.
   *
   * @throws IOException if they cannot be read or written; the file may then have a part of them
   */
  default void copyTo(Path file) throws IOException {
    try (InputStream in = open()) {
      Files.copy(in, file);
    }
  }

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
