package dev.imagespec.registrar.flyte.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.imagespec.runtime.Diagnosis.Finding;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Addresses;
import dev.imagespec.runtime.http.RetryPolicy;
import dev.imagespec.runtime.http.Sleeper;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A Flyte or Union endpoint with its credential. Safe for use by several threads. */
public final class FlyteConnection implements AutoCloseable {
  /**
   * The own names of its settings: {@code endpoint} stands for {@code imagespec.flyte.endpoint}.
   */
  public static final Set<String> SETTINGS = Key.settings();

  /** For messages: how an endpoint is configured. */
  public static final String HOW_TO_CONFIGURE =
      "Set imagespec.flyte.endpoint=https://HOST, or the environment variable FLYTE_API_KEY, or"
          + " write admin.endpoint into ~/.flyte/config.yaml.";

  private static final int MAX_ANSWER = 16 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Configuration configuration;
  private final Channel channel;
  private final Session session;
  private final @Nullable Tokens tokens;

  FlyteConnection(
      Configuration configuration,
      Map<String, String> environment,
      LongSupplier nanoTime,
      Sleeper sleeper,
      Duration patience) {
    this.configuration = configuration;
    this.channel =
        new Channel(
            environment, configuration.authorities(), RetryPolicy.standard(nanoTime, sleeper));
    this.session = Session.of(configuration, channel, nanoTime, sleeper);
    this.tokens = tokens(configuration.login(), session, patience);
  }

  private static @Nullable Tokens tokens(Login login, Session session, Duration patience) {
    TokenSource source;
    if (login instanceof Login.ClientSecret secret) {
      source = new ClientCredentials(secret, session);
    } else if (login instanceof Login.ExternalCommand command) {
      source = new CommandToken(command, session, patience);
    } else if (login instanceof Login.DeviceFlow device) {
      source = new DeviceLogin(device, session);
    } else {
      return null;
    }
    return new Tokens(source, session.nanoTime());
  }

  /**
   * The configured endpoint. Reads settings, environment and files, and sends nothing.
   *
   * @param settings the registrar's settings by their own names, such as {@code endpoint}; those
   *     that are not {@link #SETTINGS} are passed over
   * @param environment environment variables
   * @param home the user's home folder
   * @param projectDir the folder that paths in settings, files and the environment are relative to
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING}, {@link
   *     FailureCode#INVALID_FILE} or {@link FailureCode#UNSUPPORTED}; the message names the
   *     setting, or file, line and key
   */
  public static FlyteConnection of(
      Map<String, String> settings, Map<String, String> environment, Path home, Path projectDir) {
    return of(ConfigurationReader.read(settings, environment, home, projectDir), environment);
  }

  /**
   * As {@link #of}, but empty if nobody names an endpoint.
   *
   * @throws ImageSpecException as {@link #of}, if what is configured is wrong
   */
  public static Optional<FlyteConnection> find(
      Map<String, String> settings, Map<String, String> environment, Path home, Path projectDir) {
    return ConfigurationReader.find(settings, environment, home, projectDir)
        .map(configuration -> of(configuration, environment));
  }

  private static FlyteConnection of(Configuration configuration, Map<String, String> environment) {
    return new FlyteConnection(
        configuration, environment, System::nanoTime, Sleeper.REAL, CommandToken.PATIENCE);
  }

  /** The address, such as {@code https://union.example.com}. */
  public URI endpoint() {
    return configuration.endpoint();
  }

  /** The organization of the API key, or of the configuration file ({@code task.org}). */
  public Optional<String> org() {
    return present(configuration.defaults().org());
  }

  /** The project of the configuration file ({@code task.project}). */
  public Optional<String> project() {
    return present(configuration.defaults().project());
  }

  /** The domain of the configuration file ({@code task.domain}). */
  public Optional<String> domain() {
    return present(configuration.defaults().domain());
  }

  private static Optional<String> present(String text) {
    return Optional.of(text).filter(some -> !some.isEmpty());
  }

  /** For people: the endpoint, who configured it, and the kind of authentication; no secret. */
  public String described() {
    return configuration.described();
  }

  /**
   * Sends a request with the credential, and gives the answer. If the endpoint rejects the token,
   * gets a new one, once. Sends the request again if it or its answer was lost, so it must be one
   * that may come twice: reading, or writing what stays the same if it is written again.
   *
   * @param path the path, with a query perhaps
   * @param headers more headers
   * @param body the JSON to send; null for none
   * @throws ImageSpecException with {@link FailureCode#UNREACHABLE} or {@link
   *     FailureCode#THROTTLED} if no answer comes, {@link FailureCode#UNAUTHORIZED} or {@link
   *     FailureCode#TOKEN_EXPIRED} if the endpoint takes no credential that there is, {@link
   *     FailureCode#PROTOCOL} if it redirects, or says that it succeeded without JSON
   */
  public Answer send(
      String method, String path, Map<String, String> headers, @Nullable JsonNode body) {
    byte[] bytes = body == null ? null : bytes(body);
    if (tokens == null) {
      return answer(attempt(method, path, headers, bytes, null), null);
    }
    Token token = tokens.get();
    Channel.Received received = attempt(method, path, headers, bytes, token);
    if (received.status() == 401) {
      tokens.reject(token);
      Token next = tokens.get();
      if (!next.value().equals(token.value())) {
        received = attempt(method, path, headers, bytes, next);
      }
    }
    return answer(received, token);
  }

  private Channel.Received attempt(
      String method,
      String path,
      Map<String, String> headers,
      byte @Nullable [] body,
      @Nullable Token token) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.put("Accept", "application/json");
    if (body != null) {
      all.put("Content-Type", "application/json");
    }
    all.putAll(headers);
    if (token != null) {
      all.put(token.header(), "Bearer " + token.value());
    }
    return channel.send(method, address(path), all, body, MAX_ANSWER);
  }

  private URI address(String path) {
    URI address = endpoint().resolve(path);
    if (!path.startsWith("/") || !Addresses.sameOrigin(endpoint(), address)) {
      throw new IllegalArgumentException("not a path: " + path);
    }
    return address;
  }

  private Answer answer(Channel.Received received, @Nullable Token token) {
    if (received.status() == 401) {
      throw rejected(received, token);
    }
    if (received.isRedirect()) {
      String to = received.headers().getOrDefault("Location", "");
      String host =
          Addresses.resolve(endpoint(), to)
              .filter(uri -> uri.getHost() != null)
              .map(uri -> " to " + quotable(uri.getHost()))
              .orElse("");
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          endpoint()
              + " redirects"
              + host
              + ", perhaps to a page for people to log in. Nothing was sent there. Name the address"
              + " of the Flyte API itself, and how to authenticate there.");
    }
    if (received.isSuccess() && !received.isJson()) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          endpoint()
              + " does not answer with JSON, but with "
              + received.described()
              + ". Is it the address of the Flyte API, and not of a page for people?");
    }
    JsonNode body = received.isJson() ? received.body() : TextNode.valueOf(received.text());
    return new Answer(received.status(), body, received.headers());
  }

  private ImageSpecException rejected(Channel.Received received, @Nullable Token token) {
    String message =
        received.isJson() ? received.body().path("message").asText("") : received.text();
    String said = quotable(message + " " + received.headers().getOrDefault("WWW-Authenticate", ""));
    String quoted = said.isEmpty() ? "" : " It says: " + said;
    if (token == null) {
      return new ImageSpecException(
          FailureCode.UNAUTHORIZED,
          endpoint()
              + " asks who it is, and there is "
              + configuration.login().described()
              + ". Set FLYTE_API_KEY, or imagespec.flyte.auth to client-secret, external-command or"
              + " device-flow."
              + quoted);
    }
    if (said.toLowerCase(Locale.ROOT).contains("expired")) {
      return new ImageSpecException(
          FailureCode.TOKEN_EXPIRED,
          endpoint()
              + " says that the token has expired, and did not get a better one with "
              + configuration.login().described()
              + ". Log in again with whatever gives it."
              + quoted);
    }
    return new ImageSpecException(
        FailureCode.UNAUTHORIZED,
        endpoint()
            + " rejects a new token, got with "
            + configuration.login().described()
            + ". Check that it is for this endpoint, and its scopes and audience."
            + quoted);
  }

  private static byte[] bytes(JsonNode body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a tree that is no JSON", e);
    }
  }

  /**
   * A server's text for a message: with credentials masked, shortened, on one line, without
   * unprintable characters.
   */
  public String quotable(String text) {
    return channel.redaction().quotable(text);
  }

  /** Finds out what would make requests fail. Gets a token, if one is needed. */
  public List<Finding> examine() {
    return new Examination(configuration, channel, session, tokens).findings();
  }

  /** The number of requests sent so far, to the endpoint and to its authorization server. */
  public long requests() {
    return channel.requests();
  }

  @Override
  public void close() {
    channel.close();
  }

  @Override
  public String toString() {
    return described();
  }

  /**
   * An answer. Its text form shows the status alone.
   *
   * @param status the HTTP status
   * @param body the JSON; for a status that is no success, a JSON text with the start of the body
   *     if that is no JSON. Then it was perhaps not Flyte that answered
   * @param headers the first value of each header, whatever the case of its name
   */
  public record Answer(int status, JsonNode body, Map<String, String> headers) {
    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }
}
