package dev.imagespec.runtime.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends single requests with one HTTP client, which reuses connections. Never follows redirects,
 * since the JDK's client would send the credential along.
 */
public final class Transport implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** A body up to this size is on its way before an answer comes, in bytes. */
  private static final int SHORT_BODY = 16 << 10;

  /** A connection is usually open after less, and who does not wait only opens one more. */
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(5);

  private static final String USER_AGENT = "imagespec";

  private final ProxySelector proxies;
  private final LateClient http;
  private final Watchdog watchdog;
  private final Redaction redaction = new Redaction();
  private final FirstContact contact = new FirstContact(FIRST_ANSWER);

  /** Servers that have broken off a long body: they are asked before the next one is sent. */
  private final Set<String> cautious = ConcurrentHashMap.newKeySet();

  private final AtomicLong requests = new AtomicLong();

  /**
   * A transport.
   *
   * @param idle how long an exchange may make no progress, in either direction, before it is
   *     aborted
   * @param environment environment variables, which may name proxies
   */
  public Transport(Duration idle, Map<String, String> environment) {
    this(idle, environment, List.of());
  }

  /**
   * A transport that trusts more than others.
   *
   * @param authorities certificates that it trusts in addition to those that Java trusts
   */
  public Transport(
      Duration idle, Map<String, String> environment, List<X509Certificate> authorities) {
    proxies = Proxies.of(environment);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(proxies);
    if (!authorities.isEmpty()) {
      builder.sslContext(Authorities.context(authorities));
    }
    http = new LateClient(builder);
    watchdog = new Watchdog(idle);
  }

  /** Gets ready in the background for a request that is expected. Sends nothing. */
  public void getReady() {
    http.start();
  }

  /**
   * Sends a request. The caller must close the reply.
   *
   * @param headers its headers; never logged
   * @param body its body, or null
   * @throws IOException if the connection fails, or makes no progress for the idle time, or if the
   *     body cannot be read: then it is the body's own failure
   */
  public Reply send(String method, URI uri, Map<String, String> headers, @Nullable Body body)
      throws IOException, InterruptedException {
    redaction.addFrom(headers);
    FirstContact.Turn turn = turn(uri, body);
    try {
      return exchange(method, uri, headers, body);
    } finally {
      turn.over();
    }
  }

  /**
   * A body may come from the same server, and who reads it must not wait for who sends it. Plain
   * HTTP has no connections that requests share.
   */
  private FirstContact.Turn turn(URI uri, @Nullable Body body) throws InterruptedException {
    return body == null && uri.getScheme().equals("https")
        ? contact.turn(Addresses.authority(uri))
        : FirstContact.Turn.FREE;
  }

  private Reply exchange(String method, URI uri, Map<String, String> headers, @Nullable Body body)
      throws IOException, InterruptedException {
    BodyFailure bodyFailure = new BodyFailure();
    Exchange exchange = new Exchange();
    try (Watchdog.Guard guard = watchdog.guard(exchange::cancel)) {
      boolean isLong = body != null && body.size() > SHORT_BODY;
      boolean asksFirst = isLong && cautious.remove(Addresses.authority(uri));
      HttpRequest.Builder request = HttpRequest.newBuilder(uri).expectContinue(asksFirst);
      // With HTTP/2, the JDK's client does not read an answer that comes before the body is sent,
      // and waits for the server to take more of that.
      request.version(
          isLong || uri.getScheme().equals("http")
              ? HttpClient.Version.HTTP_1_1
              : HttpClient.Version.HTTP_2);
      request.header("User-Agent", USER_AGENT);
      headers.forEach(request::header);
      AtomicBoolean begun = new AtomicBoolean();
      request.method(method, publisher(body, guard, bodyFailure, begun));
      requests.incrementAndGet();
      CompletableFuture<HttpResponse<InputStream>> answer =
          http.get().sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      exchange.started(answer);
      HttpResponse<InputStream> response;
      try {
        response = await(answer, guard, bodyFailure);
      } catch (IOException e) {
        if (isLong && !asksFirst && !bodyFailure.isPresent()) {
          // The server may have answered, and closed the connection while the body was sent.
          cautious.add(Addresses.authority(uri));
        }
        throw e;
      }
      InputStream received = response.body();
      if (asksFirst && !begun.get()) {
        // The JDK's client drops the body of such an answer, and waits for it for ever.
        received.close();
        received = InputStream.nullInputStream();
      }
      if (LOG.isDebugEnabled()) {
        // A server may have redirected to an address that quotes a credential.
        String address = redaction.apply(Addresses.authority(uri) + uri.getPath());
        LOG.debug("{} {} {}", method, address, response.statusCode());
      }
      return new Reply(
          uri,
          response.statusCode(),
          response.headers(),
          new ReceivedBody(received, watchdog),
          redaction);
    }
  }

  /** Masks all credentials that were sent. */
  public Redaction redaction() {
    return redaction;
  }

  /** The proxy for an address, as {@code host:port}; empty for none. */
  public Optional<String> proxy(URI uri) {
    return Optional.ofNullable(proxies.select(uri).get(0).address())
        .filter(InetSocketAddress.class::isInstance)
        .map(InetSocketAddress.class::cast)
        .map(address -> address.getHostString() + ":" + address.getPort());
  }

  /** The number of requests sent so far. */
  public long requests() {
    return requests.get();
  }

  private HttpResponse<InputStream> await(
      CompletableFuture<HttpResponse<InputStream>> answer,
      Watchdog.Guard guard,
      BodyFailure bodyFailure)
      throws IOException, InterruptedException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    } catch (CancellationException e) {
      bodyFailure.throwIfAny();
      throw stalled(e);
    } catch (ExecutionException e) {
      guard.awaitUs();
      bodyFailure.throwIfAny();
      if (guard.hasStalled()) {
        throw stalled(e);
      }
      if (e.getCause() instanceof IOException cause) {
        throw redaction.apply(cause);
      }
      throw redaction.apply(new IOException(String.valueOf(e.getCause()), e));
    }
  }

  private HttpTimeoutException stalled(Exception cause) {
    HttpTimeoutException e = new HttpTimeoutException("no byte moved for " + watchdog.patience());
    e.initCause(cause);
    return e;
  }

  private HttpRequest.BodyPublisher publisher(
      @Nullable Body body, Watchdog.Guard guard, BodyFailure bodyFailure, AtomicBoolean begun)
      throws IOException {
    if (body == null) {
      return HttpRequest.BodyPublishers.noBody();
    }
    if (body.size() == 0) {
      try (InputStream none = body.open()) {
        if (none.read() >= 0) {
          throw new IOException("there are more bytes to send than none");
        }
      }
      return HttpRequest.BodyPublishers.ofByteArray(new byte[0]);
    }
    return HttpRequest.BodyPublishers.fromPublisher(
        HttpRequest.BodyPublishers.ofInputStream(
            () -> {
              begun.set(true);
              try {
                return new TouchingStream(body.open(), guard, bodyFailure);
              } catch (IOException | RuntimeException e) {
                throw new UncheckedIOException(bodyFailure.of(e));
              }
            }),
        body.size());
  }

  @Override
  public void close() {
    watchdog.close();
    http.close();
  }

  /**
   * Why the body could not be read, which may be the fault of another server than the one that it
   * is sent to. The JDK's client would report it as a failure of the exchange.
   */
  private static final class BodyFailure {
    private final AtomicReference<@Nullable Exception> first = new AtomicReference<>();

    /** Remembers the failure; returns one to end the exchange with. */
    IOException of(Exception failure) {
      first.compareAndSet(null, failure);
      return failure instanceof IOException same ? same : new IOException(failure);
    }

    boolean isPresent() {
      return first.get() != null;
    }

    void throwIfAny() throws IOException {
      Exception failure = first.get();
      if (failure instanceof IOException cause) {
        throw cause;
      }
      if (failure instanceof RuntimeException cause) {
        throw cause;
      }
    }
  }

  /**
   * A body being sent. Reports each read to the guard, and aborts the exchange if the server
   * accepts the bytes too slowly. Where the bytes come from another server, that one's time is not
   * counted against this one.
   */
  private final class TouchingStream extends FilterInputStream {
    private final Watchdog.Guard guard;
    private final BodyFailure failure;
    private final Watchdog.Pulse pulse = watchdog.pulse();
    private long left = System.nanoTime();

    TouchingStream(InputStream in, Watchdog.Guard guard, BodyFailure failure) {
      super(in);
      this.failure = failure;
      this.guard = guard;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      pulse.waited(System.nanoTime() - left);
      guard.rest();
      try {
        int n = super.read(buffer, offset, length);
        pulse.moved(n);
        return n;
      } catch (IOException | RuntimeException e) {
        throw failure.of(e);
      } finally {
        guard.touch();
        left = System.nanoTime();
      }
    }
  }
}
