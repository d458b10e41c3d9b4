package dev.imagespec.testkit;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A request and its response. */
final class Exchange {
  private static final int BLOCK = 1 << 16;
  private static final long DRIP_MILLIS = 100;

  final HttpExchange http;
  final byte[] body;
  private int status;
  private byte[] answer = new byte[0];
  private final Map<String, String> headers = new LinkedHashMap<>();

  Exchange(HttpExchange http) throws IOException {
    this.http = http;
    this.body = http.getRequestBody().readAllBytes();
  }

  String method() {
    return http.getRequestMethod();
  }

  String path() {
    return http.getRequestURI().getPath();
  }

  String query(String name) {
    String query = http.getRequestURI().getQuery();
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        if (pair.startsWith(name + "=")) {
          return pair.substring(name.length() + 1);
        }
      }
    }
    return "";
  }

  @Nullable String header(String name) {
    return http.getRequestHeaders().getFirst(name);
  }

  Exchange answer(int code, String contentType, byte[] bytes) {
    status = code;
    answer = bytes;
    headers.put("Content-Type", contentType);
    return this;
  }

  Exchange answer(int code) {
    status = code;
    return this;
  }

  Exchange json(int code, String json) {
    return answer(code, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  Exchange with(String name, String value) {
    headers.put(name, value);
    return this;
  }

  int status() {
    return status;
  }

  /**
   * Sends the same bytes ten times a second until the server is closed or the client disconnects.
   */
  void drip(int code, byte[] part, CountDownLatch closed) throws IOException {
    stream(code, part, DRIP_MILLIS, closed);
  }

  /** Sends spaces until the server is closed or the client disconnects. */
  void flood(int code, CountDownLatch closed) throws IOException {
    byte[] part = new byte[BLOCK];
    Arrays.fill(part, (byte) ' ');
    stream(code, part, 0, closed);
  }

  private void stream(int code, byte[] part, long millis, CountDownLatch closed)
      throws IOException {
    http.getResponseHeaders().set("Content-Type", "application/json");
    http.sendResponseHeaders(code, 0);
    try (OutputStream out = http.getResponseBody()) {
      while (!closed.await(millis, TimeUnit.MILLISECONDS)) {
        out.write(part);
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends half of the body, and leaves the connection open. */
  void sendHalf() throws IOException {
    headers.forEach((name, value) -> http.getResponseHeaders().set(name, value));
    http.sendResponseHeaders(status, answer.length);
    http.getResponseBody().write(answer, 0, answer.length / 2);
    http.getResponseBody().flush();
  }

  void send(boolean truncated) throws IOException {
    headers.forEach((name, value) -> http.getResponseHeaders().set(name, value));
    boolean head = method().equals("HEAD");
    if (head) {
      http.getResponseHeaders().set("Content-Length", String.valueOf(answer.length));
    }
    http.sendResponseHeaders(status, head || answer.length == 0 ? -1 : answer.length);
    if (!head && answer.length > 0) {
      try (OutputStream out = http.getResponseBody()) {
        out.write(answer, 0, truncated ? answer.length / 2 : answer.length);
        if (truncated) {
          out.flush();
          throw new IOException("broken off on demand");
        }
      }
    }
    http.close();
  }
}
