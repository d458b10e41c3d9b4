package dev.imagespec.runtime.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;

/**
 * An answer. Its body is drained or closed, or its connection is lost.
 *
 * @param uri what was asked; not for messages, since a pre-signed address is a secret
 * @param status the HTTP status
 * @param headers the headers
 * @param body the body
 */
record Reply(URI uri, int status, HttpHeaders headers, InputStream body) implements AutoCloseable {
  private static final int MAX_ERROR = 1 << 16;

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /**
   * The whole body.
   *
   * @throws IOException if it is longer than {@code most} bytes
   */
  byte[] bytes(int most) throws IOException {
    try (InputStream in = body) {
      byte[] bytes = in.readNBytes(most);
      if (bytes.length == most && in.read() >= 0) {
        throw new IOException("the answer is longer than " + most + " bytes");
      }
      return bytes;
    }
  }

  /** The start of an error's body; whatever follows is dropped. */
  byte[] errorBytes() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InputStream in = body) {
      out.write(in.readNBytes(MAX_ERROR));
    }
    return out.toByteArray();
  }

  /** Reads a short rest of the body, so that the connection can be used again. */
  @Override
  public void close() throws IOException {
    try (InputStream in = body) {
      in.readNBytes(MAX_ERROR);
    }
  }
}
