package dev.imagespec.runtime.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An answer. The receiver must close it; otherwise its connection is lost. */
public final class Reply implements AutoCloseable {
  /** Most answers are no JSON, and a mapper is slow to make. */
  private static final class Parser {
    static final ObjectMapper JSON = new ObjectMapper();
  }

  private static final int MAX_ERROR = 1 << 16;

  private final URI uri;
  private final int status;
  private final HttpHeaders headers;
  private final ReceivedBody body;
  private final Redaction redaction;

  Reply(URI uri, int status, HttpHeaders headers, ReceivedBody body, Redaction redaction) {
    this.uri = uri;
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.redaction = redaction;
  }

  /** The address that was requested. Not for messages: a pre-signed address is a secret. */
  public URI uri() {
    return uri;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The first header with this name. */
  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** All headers with this name. */
  public List<String> headers(String name) {
    return headers.allValues(name);
  }

  /** The first value of each header, whatever the case of its name. */
  public Map<String, String> headers() {
    Map<String, String> first = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.map().forEach((name, values) -> first.put(name, values.get(0)));
    return first;
  }

  /** The body, as it arrives. */
  public InputStream body() {
    return body;
  }

  /** Masks all credentials that the transport has sent. */
  public Redaction redaction() {
    return redaction;
  }

  /** Whether it is a redirect. */
  public boolean isRedirect() {
    return status / 100 == 3 && header("Location").isPresent();
  }

  /**
   * The whole body.
   *
   * @param most the limit in bytes; no more are read
   * @param what what the body is, for the message
   * @throws ImageSpecException with {@link FailureCode#PROTOCOL} if it is longer than {@code most}
   *     bytes
   */
  public byte[] bytes(int most, String what) throws IOException {
    body.atMost(most);
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
   * Parses JSON from a server.
   *
   * @param what what the JSON is, for the message
   * @throws ImageSpecException with {@link FailureCode#PROTOCOL} if it is not JSON
   */
  public JsonNode json(String what, byte[] bytes) throws IOException {
    try {
      return Parser.JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      // Not with the parser's message: it may quote a part of a credential, which is not masked.
      throw new ImageSpecException(FailureCode.PROTOCOL, what + " is no JSON.");
    }
  }

  /** The start of an error's body; the rest is dropped. To print it, make it quotable. */
  public String errorText() throws IOException {
    body.atMost(MAX_ERROR);
    try (InputStream in = body) {
      byte[] bytes = in.readNBytes(MAX_ERROR);
      // Marks the cut, which may go through a credential.
      return new String(bytes, StandardCharsets.UTF_8) + (bytes.length == MAX_ERROR ? "…" : "");
    }
  }

  /**
   * A server's text for a message: with credentials masked, shortened, on one line, without
   * unprintable characters.
   */
  public String quotable(String text) {
    return redaction.quotable(text);
  }

  /** Reads what is left of a short body, so that the connection can be reused. */
  @Override
  public void close() throws IOException {
    try (InputStream in = body) {
      in.readNBytes(MAX_ERROR);
    }
  }
}
