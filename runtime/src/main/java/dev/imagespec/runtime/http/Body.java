package dev.imagespec.runtime.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of a request. It can be read several times, since a request that breaks off starts
 * again.
 */
public interface Body {
  /** The body's length in bytes. */
  long size();

  /** Opens the bytes from the start. */
  InputStream open() throws IOException;

  /** A body in memory; do not change the bytes afterwards. */
  static Body of(byte[] bytes) {
    return new Body() {
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
