package dev.imagespec.runtime.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The body of a request. It can be read more than once: a request that breaks off starts again. */
public interface Body {
  /** The body's length in bytes. */
  long size();

  /** Opens the bytes from their start. */
  InputStream open() throws IOException;

  /** A body in memory; the bytes must not be changed afterwards. */
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
