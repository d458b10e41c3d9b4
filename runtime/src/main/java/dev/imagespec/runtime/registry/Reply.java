package dev.imagespec.runtime.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Digest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An answer. Its body is drained or closed, or its connection is lost.
 *
 * @param uri what was asked; not for messages, since a pre-signed address is a secret
 * @param status the HTTP status
 * @param headers the headers
 * @param body the body
 * @param redaction masks what was sent to prove who asks
 */
record Reply(URI uri, int status, HttpHeaders headers, InputStream body, Redaction redaction)
    implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_ERROR = 1 << 16;

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** What the registry says the digest of its body is; empty if it does not. */
  Optional<Digest> digest() {
    return header("Docker-Content-Digest")
        .filter(text -> text.startsWith("sha256:"))
        .map(
            text -> {
              try {
                return Digest.parse(text);
              } catch (IllegalArgumentException e) {
                throw new ImageSpecException(
                    FailureCode.PROTOCOL,
                    uri.getHost() + " answers with a digest that is none.",
                    e);
              }
            });
  }

  /** Whether it sends elsewhere. */
  boolean isRedirect() {
    return status / 100 == 3 && header("Location").isPresent();
  }

  /**
   * The whole body.
   *
   * @param what what it is, for the message
   * @throws ImageSpecException with {@link FailureCode#PROTOCOL} if it is longer than {@code most}
   *     bytes; no more than that are read
   */
  byte[] bytes(int most, String what) throws IOException {
    try (InputStream in = body) {
      byte[] bytes = in.readNBytes(most);
      if (bytes.length == most && in.read() >= 0) {
        throw new ImageSpecException(
            FailureCode.PROTOCOL, what + " is longer than " + most + " bytes. It was not read.");
      }
      return bytes;
    }
  }

  /**
   * JSON that a registry sent.
   *
   * @param what what it is, for the message
   */
  static JsonNode json(String what, byte[] bytes) throws IOException {
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL, what + " is no JSON: " + e.getOriginalMessage() + ".", e);
    }
  }

  /** The start of an error's body, as text to quote; whatever follows is dropped. */
  String errorText() throws IOException {
    try (InputStream in = body) {
      return redaction.apply(new String(in.readNBytes(MAX_ERROR), StandardCharsets.UTF_8));
    }
  }

  /** Reads a short rest of the body, so that the connection can be used again. */
  @Override
  public void close() throws IOException {
    try (InputStream in = body) {
      in.readNBytes(MAX_ERROR);
    }
  }
}
