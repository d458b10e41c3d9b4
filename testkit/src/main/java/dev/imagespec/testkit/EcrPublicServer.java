package dev.imagespec.testkit;

import static dev.imagespec.testkit.JsonApi.text;

import dev.imagespec.json.Json;
import dev.imagespec.testkit.ImageStore.Repository;
import dev.imagespec.testkit.Journal.Plane;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/**
 * A server in this process that acts as Amazon ECR Public: the API (version 2020-10-30, in
 * us-east-1), the token server, and the registry, whose repositories are below the account's alias.
 * Everybody may read. Tags may be moved.
 */
public final class EcrPublicServer implements AutoCloseable {
  private static final String TARGET = "SpencerFrontendService.";
  private static final String ACCOUNT = "123456789012";

  private final Journal journal = new Journal();
  private final ImageStore store = new ImageStore();
  private final JsonApi api;
  private final Tokens tokens;
  private final LoopbackServer server;
  private final DataPlane data;
  private final String alias;
  private final String origin;

  /** The bearer tokens, and whether each allows pushing. */
  private final Map<String, Boolean> bearers = new ConcurrentHashMap<>();

  private EcrPublicServer(String alias, Optional<TlsCertificate> certificate, String host) {
    this.alias = alias;
    Clock clock = Clock.systemUTC();
    Signatures signatures = new Signatures(clock, "us-east-1", "ecr-public");
    api = new JsonApi(TARGET, ACCOUNT, signatures, store, this::answer);
    tokens = new Tokens(clock);
    data = new DataPlane(store, true, ACCOUNT);
    SSLContext context = certificate.map(TlsCertificate::serverContext).orElse(null);
    server = new LoopbackServer(journal, context);
    origin = (context == null ? "http://" : "https://") + host + ":" + server.port();
    server.serve("/", Plane.CONTROL, api::name, api::handle);
    server.serve("/token/", Plane.TOKEN, exchange -> "GET token", this::handleToken);
    server.serve("/v2/", Plane.DATA, data::name, this::handleData);
    server.start();
  }

  /** Starts a server on plain HTTP for the account with this alias. */
  public static EcrPublicServer start(String alias) {
    return new EcrPublicServer(alias, Optional.empty(), "127.0.0.1");
  }

  /** Starts a server that uses TLS with this host name. */
  public static EcrPublicServer start(String alias, TlsCertificate certificate, String host) {
    return new EcrPublicServer(alias, Optional.of(certificate), host);
  }

  /** The registry's host and port. */
  public String registry() {
    return origin.substring(origin.indexOf("//") + 2);
  }

  /** The address of the API, for {@code AWS_ENDPOINT_URL_ECR_PUBLIC}. */
  public URI endpoint() {
    return URI.create(origin);
  }

  public Journal journal() {
    return journal;
  }

  /** Adds a fault. */
  public void inject(Fault fault) {
    server.inject(fault);
  }

  /** Denies an action, for example {@code ecr-public:CreateRepository}. */
  public void deny(String action) {
    api.deny(action);
  }

  /** The names of all repositories, without the alias. */
  public List<String> repositories() {
    return store.names().stream().map(name -> name.substring(alias.length() + 1)).toList();
  }

  /** A setting of a repository, for example {@code tags}. */
  public Optional<Object> setting(String repository, String key) {
    return store
        .get(alias + "/" + repository)
        .flatMap(found -> Optional.ofNullable(found.settings.get(key)));
  }

  /** The tags of a repository. */
  public Set<String> tags(String repository) {
    synchronized (store) {
      return store
          .get(alias + "/" + repository)
          .map(found -> (Set<String>) new TreeSet<>(found.tags.keySet()))
          .orElse(Set.of());
    }
  }

  /** Secrets that must not be in a log. */
  public Set<String> secrets() {
    Set<String> secrets = new TreeSet<>(tokens.issued());
    secrets.addAll(bearers.keySet());
    return secrets;
  }

  private Map<String, Object> answer(String operation, Map<?, ?> request) {
    return switch (operation) {
      case "GetAuthorizationToken" ->
          Map.of(
              "authorizationData",
              Map.of(
                  "authorizationToken",
                  tokens.issueBasic(),
                  "expiresAt",
                  Clock.systemUTC().instant().plus(Tokens.LIFE).getEpochSecond()));
      case "DescribeRegistries" ->
          Map.of(
              "registries",
              List.of(
                  Map.of(
                      "registryId",
                      ACCOUNT,
                      "registryArn",
                      "arn:aws:ecr-public::" + ACCOUNT + ":registry/" + ACCOUNT,
                      "registryUri",
                      registry() + "/" + alias,
                      "verified",
                      false,
                      "aliases",
                      List.of(
                          Map.of(
                              "name",
                              alias,
                              "status",
                              "ACTIVE",
                              "primaryRegistryAlias",
                              true,
                              "defaultRegistryAlias",
                              true)))));
      case "CreateRepository" -> {
        String name = text(request, "repositoryName");
        Repository repository =
            store
                .create(alias + "/" + name, true)
                .orElseThrow(
                    () ->
                        new ApiException(
                            "RepositoryAlreadyExistsException",
                            "The repository with name '" + name + "' already exists"));
        if (request.get("tags") != null) {
          repository.settings.put("tags", request.get("tags"));
        }
        yield Map.of("repository", describe(repository));
      }
      case "DescribeRepositories" -> {
        List<Object> found = new ArrayList<>();
        if (request.get("repositoryNames") instanceof List<?> names) {
          names.forEach(name -> found.add(describe(repository((String) name))));
        } else {
          repositories().forEach(name -> found.add(describe(repository(name))));
        }
        yield Map.of("repositories", found);
      }
      case "DescribeImages" -> {
        Repository repository = repository(text(request, "repositoryName"));
        List<Object> images = new ArrayList<>();
        repository.tags.forEach(
            (tag, digest) ->
                images.add(
                    Map.of(
                        "registryId",
                        ACCOUNT,
                        "repositoryName",
                        text(request, "repositoryName"),
                        "imageDigest",
                        digest.toString(),
                        "imageTags",
                        List.of(tag))));
        yield Map.of("imageDetails", images);
      }
      default -> throw new ApiException("UnknownOperationException", operation);
    };
  }

  private Repository repository(String name) {
    return store
        .get(alias + "/" + name)
        .orElseThrow(() -> ApiException.noRepository(name, ACCOUNT));
  }

  private Map<String, Object> describe(Repository repository) {
    Map<String, Object> json = new TreeMap<>();
    String name = repository.name.substring(alias.length() + 1);
    json.put("registryId", ACCOUNT);
    json.put("repositoryName", name);
    json.put("repositoryArn", "arn:aws:ecr-public::" + ACCOUNT + ":repository/" + name);
    json.put("repositoryUri", registry() + "/" + repository.name);
    json.put("createdAt", 1_700_000_000);
    return json;
  }

  /** A client with a token of the API may push, everybody else may read. */
  private void handleToken(Exchange exchange) {
    String sent = exchange.header("Authorization");
    if (sent != null && tokens.check(sent) != Tokens.Verdict.GOOD) {
      exchange.json(401, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"Not Authorized\"}]}");
      return;
    }
    String token = UUID.randomUUID().toString();
    bearers.put(token, sent != null);
    exchange.json(200, Json.canonical(Map.of("token", token)));
  }

  private void handleData(Exchange exchange) {
    String sent = exchange.header("Authorization");
    Boolean mayPush =
        (sent != null && sent.startsWith("Bearer ")) ? bearers.get(sent.substring(7)) : null;
    boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
    if (mayPush == null) {
      DataPlane.error(exchange, 401, "UNAUTHORIZED", "Not Authorized");
      exchange.with(
          "WWW-Authenticate",
          "Bearer realm=\"" + origin + "/token/\",service=\"public.ecr.aws\",scope=\"aws\"");
    } else if (!mayPush && !reads) {
      DataPlane.error(exchange, 403, "DENIED", "Not Authorized");
    } else {
      data.handle(exchange);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
