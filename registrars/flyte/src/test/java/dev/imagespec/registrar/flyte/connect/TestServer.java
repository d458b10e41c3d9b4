package dev.imagespec.registrar.flyte.connect;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.imagespec.testkit.TlsCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A server on this machine that answers as a test says, and keeps what it was asked. */
final class TestServer implements AutoCloseable {
  private final HttpServer server;
  private final boolean isTls;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Function<Request, Response>> routes = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /** What it was asked. */
  record Request(String method, String path, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** What it answers. */
  record Response(int status, String type, String body, Map<String, String> headers) {
    static Response json(int status, String body) {
      return new Response(status, "application/json", body, Map.of());
    }

    static Response html(int status, String body) {
      return new Response(status, "text/html", body, Map.of());
    }

    static Response to(int status, String location) {
      return new Response(status, "text/html", "", Map.of("Location", location));
    }

    Response with(String name, String value) {
      Map<String, String> more = new TreeMap<>(headers);
      more.put(name, value);
      return new Response(status, type, body, more);
    }
  }

  static {
    // Otherwise each answer waits for the client to acknowledge its header.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private TestServer(@Nullable TlsCertificate certificate) {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    isTls = certificate != null;
    try {
      if (certificate == null) {
        server = HttpServer.create(any, 0);
      } else {
        HttpsServer https = HttpsServer.create(any, 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context(certificate)));
        server = https;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  static TestServer plain() {
    return new TestServer(null);
  }

  static TestServer tls(TlsCertificate certificate) {
    return new TestServer(certificate);
  }

  private static SSLContext context(TlsCertificate certificate) {
    try (InputStream in = Files.newInputStream(certificate.trustStore())) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, TlsCertificate.PASSWORD.toCharArray());
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, TlsCertificate.PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Answers a request, such as {@code GET /api/v1/tasks}, until told otherwise. */
  TestServer on(String request, Function<Request, Response> answer) {
    routes.put(request, answer);
    return this;
  }

  TestServer on(String request, Response answer) {
    return on(request, ignored -> answer);
  }

  int port() {
    return server.getAddress().getPort();
  }

  URI address() {
    return URI.create((isTls ? "https" : "http") + "://localhost:" + port());
  }

  /** The requests so far. */
  List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The requests for a method and path. */
  List<Request> requests(String request) {
    return requests.stream().filter(one -> (one.method + " " + one.path).equals(request)).toList();
  }

  private void answer(HttpExchange http) throws IOException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    http.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    Request request =
        new Request(
            http.getRequestMethod(),
            http.getRequestURI().getPath(),
            headers,
            new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    requests.add(request);
    Function<Request, Response> route = routes.get(request.method + " " + request.path);
    Response response =
        route == null
            ? new Response(404, "text/plain", "404 page not found", Map.of())
            : route.apply(request);
    byte[] body = response.body.getBytes(StandardCharsets.UTF_8);
    http.getResponseHeaders().set("Content-Type", response.type);
    response.headers.forEach((name, value) -> http.getResponseHeaders().set(name, value));
    try {
      http.sendResponseHeaders(response.status, body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        http.getResponseBody().write(body);
      }
    } finally {
      http.close();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
