package dev.imagespec.registrar.flyte.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Addresses;
import dev.imagespec.runtime.http.Body;
import dev.imagespec.runtime.http.Congestion;
import dev.imagespec.runtime.http.HttpTime;
import dev.imagespec.runtime.http.Patience;
import dev.imagespec.runtime.http.Redaction;
import dev.imagespec.runtime.http.Reply;
import dev.imagespec.runtime.http.RetryPolicy;
import dev.imagespec.runtime.http.RetryableException;
import dev.imagespec.runtime.http.Transport;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the endpoint and to its authorization server. Repeats those that were lost, at
 * the pace that a server asks for, and follows no redirect.
 */
final class Channel implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final int TOO_MANY_REQUESTS = 429;

  /** The statuses of servers that are not ready, or in front of ones that are not. */
  private static final Set<Integer> UNAVAILABLE = Set.of(502, 503, 504);

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Transport transport;
  private final RetryPolicy retry;
  private final Map<String, Server> servers = new ConcurrentHashMap<>();

  /** How a server is treated. */
  private record Server(Congestion congestion, Patience patience) {}

  /**
   * An answer, whatever its status.
   *
   * @param type its media type, for messages
   * @param body the JSON in it; missing if it is none
   * @param text the start of what is no JSON
   */
  record Received(
      int status, Map<String, String> headers, String type, JsonNode body, String text) {
    boolean isJson() {
      return !body.isMissingNode();
    }

    boolean isSuccess() {
      return status / 100 == 2;
    }

    boolean isRedirect() {
      return status / 100 == 3;
    }

    /** What the body is, for a message. */
    String described() {
      return isJson() ? "JSON" : text.isEmpty() ? "nothing" : type + ": " + text;
    }

    @Override
    public String toString() {
      return "Received[" + status + "]";
    }
  }

  Channel(Map<String, String> environment, List<X509Certificate> authorities, RetryPolicy retry) {
    this.transport = new Transport(IDLE, environment, authorities);
    this.retry = retry;
  }

  /** Masks all credentials that were sent, and those that are added to it. */
  Redaction redaction() {
    return transport.redaction();
  }

  long requests() {
    return transport.requests();
  }

  /** The proxy for an address, as {@code host:port}; empty for none. */
  Optional<String> proxy(URI uri) {
    return transport.proxy(uri);
  }

  /**
   * Sends a request, and again if it or its answer was lost: so it must be one that may come twice.
   *
   * @param most how many bytes an answer may have
   * @throws ImageSpecException with {@link FailureCode#UNREACHABLE} or {@link
   *     FailureCode#THROTTLED} if that does not end; {@link FailureCode#PROTOCOL} if the answer is
   *     too long
   */
  Received send(
      String method, URI uri, Map<String, String> headers, byte @Nullable [] body, int most) {
    String where = Addresses.authority(uri);
    Server server =
        servers.computeIfAbsent(where, key -> new Server(retry.congestion(), retry.patience()));
    return retry.call(
        where, server.patience, () -> attempt(server, method, uri, headers, body, most));
  }

  private Received attempt(
      Server server,
      String method,
      URI uri,
      Map<String, String> headers,
      byte @Nullable [] body,
      int most)
      throws IOException, InterruptedException {
    String where = Addresses.authority(uri);
    int ticket = server.congestion.enter();
    boolean throttled = false;
    try (Reply reply = transport.send(method, uri, headers, body == null ? null : Body.of(body))) {
      throttled = reply.status() == TOO_MANY_REQUESTS;
      if (throttled || UNAVAILABLE.contains(reply.status())) {
        Optional<Duration> wait = reply.header("Retry-After").flatMap(HttpTime::retryAfter);
        if (throttled && !server.patience.isOver()) {
          server.congestion.pause(wait);
        }
        throw new RetryableException(unavailable(where, reply, throttled), wait);
      }
      return received(where, reply, most);
    } catch (RetryableException e) {
      throw e;
    } catch (IOException e) {
      ImageSpecException failure = unreachable(where, e);
      if (isCausedBy(e, CertificateException.class)) {
        // The next connection would get the same certificate.
        throw failure;
      }
      throw new RetryableException(failure, Optional.empty());
    } finally {
      server.congestion.leave(ticket, throttled);
    }
  }

  private static Received received(String where, Reply reply, int most) throws IOException {
    byte[] bytes = reply.bytes(most, "The answer of " + where);
    String type = reply.quotable(reply.header("Content-Type").orElse("of no type"));
    try {
      // What is empty is no JSON, either.
      JsonNode body = bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes);
      return new Received(reply.status(), reply.headers(), type, body, "");
    } catch (JsonProcessingException e) {
      String text =
          reply.quotable(
              new String(bytes, 0, Math.min(bytes.length, 1 << 12), StandardCharsets.UTF_8));
      return new Received(reply.status(), reply.headers(), type, MissingNode.getInstance(), text);
    }
  }

  private static ImageSpecException unavailable(String where, Reply reply, boolean throttled)
      throws IOException {
    String text = reply.quotable(reply.errorText());
    return new ImageSpecException(
        throttled ? FailureCode.THROTTLED : FailureCode.UNREACHABLE,
        where
            + (throttled
                ? " asks to slow down, and kept asking. Register again later."
                : " keeps answering with status "
                    + reply.status()
                    + ": it, or what is behind it, is not ready. Register again later.")
            + (text.isEmpty() ? "" : " It says: " + text));
  }

  private static ImageSpecException unreachable(String where, IOException e) {
    return new ImageSpecException(
        FailureCode.UNREACHABLE,
        where
            + " cannot be reached: "
            + RetryPolicy.reason(e)
            + (isCausedBy(e, CertificateException.class)
                ? ". If its certificate is of an authority of your own, name that one's certificate"
                    + " with imagespec.flyte.ca-file, or admin.caCertFilePath."
                : e instanceof SSLException
                    ? ". If it does not use TLS, set imagespec.flyte.insecure=true."
                    : ". Check the endpoint, the network and the proxy."),
        e);
  }

  private static boolean isCausedBy(Throwable e, Class<? extends Throwable> type) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    transport.close();
  }
}
