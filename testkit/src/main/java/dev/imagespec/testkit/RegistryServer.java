package dev.imagespec.testkit;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.testkit.Journal.Plane;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** An OCI registry in this process that is not Amazon ECR, for base images or as a target. */
public final class RegistryServer implements AutoCloseable {

  /** How clients authenticate. */
  private enum Mode {
    ANONYMOUS,
    BASIC,
    BEARER
  }

  private final Journal journal = new Journal();
  private final ImageStore store = new ImageStore();
  private final LoopbackServer server = new LoopbackServer(journal, null);
  private final DataPlane data = new DataPlane(store, false, "");
  private final Mode mode;
  private final String user;
  private final String password;
  private final Map<String, String> tokens = new ConcurrentHashMap<>();
  private volatile String realm;
  private volatile String scope = "ignored";
  private volatile BiPredicate<String, String> admits = (path, scopes) -> true;
  private volatile Predicate<String> grants = scopes -> true;

  private RegistryServer(Mode mode, String user, String password) {
    this.mode = mode;
    this.user = user;
    this.password = password;
    realm = "http://127.0.0.1:" + server.port() + "/token";
    server.serve("/v2/", Plane.DATA, data::name, this::handle);
    server.serve(
        "/token", Plane.TOKEN, exchange -> exchange.method() + " token", this::handleToken);
    server.start();
  }

  /** Starts a registry that everybody may read and write. */
  public static RegistryServer anonymous() {
    return new RegistryServer(Mode.ANONYMOUS, "", "");
  }

  /** Starts a registry that needs a password for reading and writing. */
  public static RegistryServer basic(String user, String password) {
    return new RegistryServer(Mode.BASIC, user, password);
  }

  /**
   * Starts a registry that needs a token. Its token server needs the password (as Basic or, with
   * OAuth 2, as a refresh token), or nothing if the password is empty.
   */
  public static RegistryServer bearer(String user, String password) {
    return new RegistryServer(Mode.BEARER, user, password);
  }

  /** The registry's host and port. */
  public String registry() {
    return "127.0.0.1:" + server.port();
  }

  public Journal journal() {
    return journal;
  }

  /** Adds a fault. */
  public void inject(Fault fault) {
    server.inject(fault);
  }

  /** Sets another token server for challenges. */
  public void realm(String address) {
    realm = address;
  }

  /** The address of its token server, for challenges of other registries. */
  public String realm() {
    return realm;
  }

  /** Sets the scope that its challenges name. */
  public void scope(String text) {
    scope = text;
  }

  /**
   * Sets which requests a token is good for.
   *
   * @param rule decides by the path of a request and the scopes of its token, with spaces between
   *     them
   */
  public void admit(BiPredicate<String, String> rule) {
    admits = rule;
  }

  /** Sets for which scopes, with spaces between them, the token server gives tokens. */
  public void grant(Predicate<String> rule) {
    grants = rule;
  }

  /** Adds an image to a repository, and creates the repository if it is missing. */
  public void push(String repository, String tag, TestImage image) {
    store.create(repository, true);
    EcrServer.push(store, repository, tag, image);
  }

  /** The text of a manifest, by tag or digest. */
  public Optional<String> manifest(String repository, String reference) {
    synchronized (store) {
      return store
          .get(repository)
          .flatMap(found -> found.find(reference))
          .map(found -> new String(found.bytes(), StandardCharsets.UTF_8));
    }
  }

  /** A repository's tags and their digests. */
  public Map<String, Digest> tags(String repository) {
    synchronized (store) {
      return store
          .get(repository)
          .map(found -> (Map<String, Digest>) new TreeMap<>(found.tags))
          .orElse(Map.of());
    }
  }

  /** Takes manifests that name blobs which it does not have: the specification allows that. */
  public void takeIncompleteManifests() {
    store.takeIncomplete();
  }

  /** The digests of a repository's blobs. */
  public Set<Digest> blobs(String repository) {
    synchronized (store) {
      return store.get(repository).map(found -> Set.copyOf(found.blobs.keySet())).orElse(Set.of());
    }
  }

  /** Loses a blob, as a registry does whose storage is damaged. */
  public void lose(String repository, Digest digest) {
    synchronized (store) {
      store.get(repository).ifPresent(found -> found.blobs.remove(digest));
    }
  }

  /** The bytes of a blob. */
  public Optional<byte[]> blob(String repository, Digest digest) {
    synchronized (store) {
      return store.get(repository).map(found -> found.blobs.get(digest));
    }
  }

  private void handle(Exchange exchange) {
    String sent = exchange.header("Authorization");
    boolean allowed =
        switch (mode) {
          case ANONYMOUS -> true;
          case BASIC -> basic().equals(sent);
          case BEARER ->
              sent != null
                  && sent.startsWith("Bearer ")
                  && tokens.containsKey(sent.substring(7))
                  && admits.test(exchange.path(), tokens.get(sent.substring(7)));
        };
    if (allowed) {
      data.handle(exchange);
      return;
    }
    DataPlane.error(exchange, 401, "UNAUTHORIZED", "authentication required");
    exchange.with(
        "WWW-Authenticate",
        mode == Mode.BASIC
            ? "Basic realm=\"test\""
            : "Bearer realm=\"" + realm + "\",service=\"test\",scope=\"" + scope + "\"");
  }

  private void handleToken(Exchange exchange) {
    boolean refresh = exchange.method().equals("POST");
    boolean known =
        refresh
            ? new String(exchange.body, StandardCharsets.UTF_8).contains("grant_type=refresh_token")
                && new String(exchange.body, StandardCharsets.UTF_8)
                    .endsWith("refresh_token=" + password)
            : password.isEmpty() || basic().equals(exchange.header("Authorization"));
    String scopes =
        Arrays.stream(String.valueOf(exchange.http.getRequestURI().getQuery()).split("&", -1))
            .filter(parameter -> parameter.startsWith("scope="))
            .map(parameter -> parameter.substring("scope=".length()))
            .collect(Collectors.joining(" "));
    if (!known || !grants.test(scopes)) {
      exchange.json(401, "{}");
      return;
    }
    String token = UUID.randomUUID().toString();
    tokens.put(token, scopes);
    exchange.json(
        200, Json.canonical(Map.of(refresh ? "access_token" : "token", token, "expires_in", 300)));
  }

  private String basic() {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
