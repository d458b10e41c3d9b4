package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server on this machine that keeps tasks, counts requests, and can be told to fail. */
public abstract class TestServer implements AutoCloseable {
  protected static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final Map<String, Answer> faults = new ConcurrentHashMap<>();
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private volatile Optional<String> token = Optional.empty();
  private volatile Optional<String> readToken = Optional.empty();

  /** An answer. */
  public record Answer(int status, String type, String body) {
    static Answer json(int status, JsonNode body) {
      return new Answer(status, "application/json", body.toString());
    }
  }

  /** Where a request goes. */
  protected record Request(String method, String path, Map<String, String> query, String body) {
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  TestServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Its address: {@code http://localhost:PORT}. */
  public String endpoint() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /** Asks for a bearer token from now on. */
  void requireToken(String all, String readOnly) {
    token = Optional.of(all);
    readToken = Optional.of(readOnly);
  }

  /** Answers requests so whose method and path start with a text; without an answer, no more. */
  void answer(String start, Answer answer) {
    faults.put(start, answer);
  }

  /** Answers as usual again. */
  void recover() {
    faults.clear();
  }

  /** All requests since the last {@link #forget}: method and path. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** How many requests were for something. */
  public long count(String start) {
    return requests.stream().filter(request -> request.startsWith(start)).count();
  }

  /** All bodies of requests, as they came. */
  List<String> bodies() {
    return List.copyOf(bodies);
  }

  /** How many requests came at the same time, at most. */
  int mostAtOnce() {
    return most.get();
  }

  /** Forgets the requests. */
  public void forget() {
    requests.clear();
    bodies.clear();
  }

  abstract Answer answer(Request request) throws IOException;

  abstract Answer unauthenticated();

  abstract Answer denied();

  abstract boolean isWrite(Request request);

  private void handle(HttpExchange exchange) throws IOException {
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    try (exchange) {
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getRawPath(),
              query(exchange.getRequestURI().getQuery()),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      requests.add(request.toString());
      bodies.add(request.body());
      Answer answer = guarded(request, exchange.getRequestHeaders().getFirst("Authorization"));
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } finally {
      now.decrementAndGet();
    }
  }

  private Answer guarded(Request request, String authorization) throws IOException {
    if (token.isPresent()) {
      String sent = String.valueOf(authorization).replaceFirst("^Bearer ", "");
      if (!token.equals(Optional.of(sent)) && !readToken.equals(Optional.of(sent))) {
        return unauthenticated();
      }
      if (!token.equals(Optional.of(sent)) && isWrite(request)) {
        return denied();
      }
    }
    for (Map.Entry<String, Answer> fault : faults.entrySet()) {
      if (request.toString().startsWith(fault.getKey())) {
        return fault.getValue();
      }
    }
    synchronized (this) {
      return answer(request);
    }
  }

  private static Map<String, String> query(String query) {
    Map<String, String> result = new ConcurrentHashMap<>();
    for (String pair : String.valueOf(query).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        result.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return result;
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
