package dev.imagespec.testkit;

import dev.imagespec.model.Digest;
import dev.imagespec.testkit.ImageStore.Repository;
import dev.imagespec.testkit.ImageStore.StoredManifest;
import dev.imagespec.testkit.Journal.Plane;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A server in this process that acts as Amazon ECR: the API and the registry on one port of this
 * machine, and a second port to which blob downloads are redirected. An unmodified AWS SDK, AWS CLI
 * or registry client can use it.
 *
 * <pre>{@code
 * try (EcrServer ecr = EcrServer.start()) {
 *   System.setProperty("aws.endpointUrlEcr", ecr.endpoint().toString());
 *   System.setProperty("aws.region", "us-east-1");
 *   System.setProperty("aws.accessKeyId", "any");
 *   System.setProperty("aws.secretAccessKey", "any");
 *   Settings settings =
 *       Settings.builder()
 *           .classPath(List.of(Path.of("target/classes")))
 *           .registry(ecr.registry())
 *           .ecrHosts(List.of(Registry.parse(ecr.registry())))
 *           .build();
 *   assertThat(ImageRegistrar.of(settings).register().failures()).isEmpty();
 *   assertThat(ecr.journal().count("PUT manifest")).isEqualTo(1);
 * }
 * }</pre>
 *
 * <p>The same address is also that of Amazon ECS, AWS Batch and AWS Lambda, as far as registering
 * needs them.
 *
 * <p>It checks only the form and date of signatures. It does not scan (what a scan found can be
 * set), replicate or expire images.
 */
public final class EcrServer implements AutoCloseable {
  private final Journal journal = new Journal();
  private final ImageStore store = new ImageStore();
  private final LoopbackServer server;
  private final LoopbackServer blobs;
  private final Tokens tokens;
  private final DataPlane data;
  private final ControlPlane control;
  private final EcsApi ecs;
  private final BatchApi batch;
  private final LambdaApi lambda;
  private final List<AwsApi> platforms;
  private final String host;
  private final boolean tls;
  private final String account;
  private final String region;

  private EcrServer(Builder builder) {
    account = builder.account;
    region = builder.region;
    tls = builder.certificate.isPresent();
    tokens = new Tokens(builder.clock);
    data = new DataPlane(store, true, account);
    javax.net.ssl.SSLContext context =
        builder.certificate.map(TlsCertificate::serverContext).orElse(null);
    server = new LoopbackServer(journal, context);
    blobs = new LoopbackServer(journal, context);
    host = builder.host + ":" + server.port();
    control =
        new ControlPlane(
            store, tokens, builder.clock, account, region, (tls ? "https://" : "http://") + host);
    ecs = new EcsApi(builder.clock, account, region);
    batch = new BatchApi(builder.clock, account, region);
    lambda = new LambdaApi(builder.clock, account, region, store, host);
    platforms = List.of(ecs, batch, lambda);
    server.serve("/", Plane.CONTROL, this::controlName, this::handleControl);
    server.serve("/v2/", Plane.DATA, data::name, this::handleData);
    blobs.serve("/", Plane.BLOBS, exchange -> "GET redirected", this::handleBlob);
    data.redirectBlobs(
        (tls ? "https://" : "http://") + builder.blobHost + ":" + blobs.port() + "/starport");
    server.start();
    blobs.start();
  }

  /** Starts a server for account 123456789012 in us-east-1, on plain HTTP. */
  public static EcrServer start() {
    return builder().start();
  }

  /** A builder for a server with other settings. */
  public static Builder builder() {
    return new Builder();
  }

  /** The registry's host and port. */
  public String registry() {
    return host;
  }

  /**
   * The address of the API, for {@code AWS_ENDPOINT_URL_ECR}. It is also the address of a Security
   * Token Service with one caller, for {@code AWS_ENDPOINT_URL_STS}.
   */
  public URI endpoint() {
    return URI.create((tls ? "https://" : "http://") + host);
  }

  public String account() {
    return account;
  }

  public String region() {
    return region;
  }

  public Journal journal() {
    return journal;
  }

  /** Adds a fault. */
  public void inject(Fault fault) {
    server.inject(fault);
    blobs.inject(fault);
  }

  /**
   * Denies an action, for example {@code ecr:CreateRepository}, {@code ecs:RegisterTaskDefinition}
   * or {@code iam:PassRole}.
   */
  public void deny(String action) {
    control.deny(action);
    platforms.forEach(api -> api.deny(action));
  }

  /** Amazon ECS at the same address, for {@code AWS_ENDPOINT_URL_ECS}. */
  public EcsApi ecs() {
    return ecs;
  }

  /** AWS Batch at the same address, for {@code AWS_ENDPOINT_URL_BATCH}. */
  public BatchApi batch() {
    return batch;
  }

  /** AWS Lambda at the same address, for {@code AWS_ENDPOINT_URL_LAMBDA}. */
  public LambdaApi lambda() {
    return lambda;
  }

  /**
   * Adds a role that clients may assume with this external id or web identity. An empty text means
   * none is needed.
   */
  public void trust(String role, String externalId) {
    control.trust(role, externalId);
  }

  /** The access keys that requests to the API were signed with. */
  public Set<String> accessKeys() {
    return control.keys();
  }

  /**
   * Secrets that must not be in a log: the passwords of tokens and the secrets of assumed roles.
   */
  public Set<String> secrets() {
    Set<String> secrets = new TreeSet<>(tokens.issued());
    secrets.add(SecurityTokens.secret());
    return secrets;
  }

  /** Makes all tokens expire now. */
  public void expireTokens() {
    tokens.expireAll();
  }

  /** Whether blobs can be mounted from other repositories, a setting of the account. */
  public void mounting(boolean enabled) {
    data.mounting(enabled);
  }

  /** Creates a repository, as an administrator. */
  public void createRepository(String name, boolean mutableTags) {
    store.create(name, mutableTags);
  }

  /**
   * Adds a repository creation template: pushes create repositories whose names have this prefix.
   */
  public void createOnPush(String prefix) {
    data.createOnPush(prefix);
  }

  /** Sets a repository's policy as an administrator. The text is kept unchanged. */
  public void policy(String repository, String text) {
    get(repository).settings.put("policyText", text);
  }

  /** Sets a repository's lifecycle policy as an administrator. The text is kept unchanged. */
  public void lifecycle(String repository, String text) {
    get(repository).settings.put("lifecyclePolicyText", text);
  }

  /** Whether {@code BatchGetImage} reports an archived image as not found. */
  public void archivedLooksMissing(boolean missing) {
    control.archivedLooksMissing(missing);
  }

  /** The names of all repositories. */
  public List<String> repositories() {
    return store.names();
  }

  /** Whether a repository's tags may be moved. */
  public boolean isMutable(String repository) {
    return get(repository).mutability.equals("MUTABLE");
  }

  /**
   * A repository's tag mutability: {@code MUTABLE}, {@code IMMUTABLE}, or one of these with
   * exclusions.
   */
  public String mutability(String repository) {
    return get(repository).mutability;
  }

  /** A repository's tags and their digests. */
  public Map<String, Digest> tags(String repository) {
    synchronized (store) {
      return new TreeMap<>(get(repository).tags);
    }
  }

  /**
   * A setting of a repository by its name in the API: {@code tags}, {@code policyText}, {@code
   * lifecyclePolicyText}, {@code imageScanningConfiguration}, {@code encryptionConfiguration}.
   */
  public Optional<Object> setting(String repository, String key) {
    return Optional.ofNullable(get(repository).settings.get(key));
  }

  /** The text of a manifest, by tag or digest. */
  public Optional<String> manifest(String repository, String reference) {
    synchronized (store) {
      return get(repository)
          .find(reference)
          .map(found -> new String(found.bytes(), java.nio.charset.StandardCharsets.UTF_8));
    }
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
      return Optional.ofNullable(get(repository).blobs.get(digest));
    }
  }

  /** Adds an image to a repository, and creates the repository if it is missing. */
  public void push(String repository, String tag, TestImage image) {
    store.create(repository, false);
    push(store, repository, tag, image);
  }

  /** Removes a tag. */
  public void deleteTag(String repository, String tag) {
    synchronized (store) {
      get(repository).tags.remove(tag);
    }
  }

  /**
   * Sets what a scan found in the image of a tag.
   *
   * @param findings the number of findings for each severity
   */
  public void scanned(String repository, String tag, Map<String, Integer> findings) {
    synchronized (store) {
      Repository found = get(repository);
      Digest digest = found.tags.get(tag);
      if (digest != null) {
        found.scans.put(digest, Map.copyOf(findings));
      }
    }
  }

  /** Sets when the image of a tag was pushed. */
  public void pushedAt(String repository, String tag, Instant time) {
    synchronized (store) {
      Repository found = get(repository);
      Digest digest = found.tags.get(tag);
      if (digest != null) {
        found.pushed.put(digest, time);
      }
    }
  }

  /** Archives the image of a tag: it is listed, but cannot be pulled. */
  public void archive(String repository, String tag) {
    synchronized (store) {
      Repository found = get(repository);
      Digest digest = found.tags.get(tag);
      if (digest != null) {
        found.archived.add(digest);
      }
    }
  }

  static void push(ImageStore store, String repository, String tag, TestImage image) {
    synchronized (store) {
      Repository to = store.get(repository).orElseThrow();
      image.blobs().forEach(bytes -> to.blobs.put(Digest.of(bytes), bytes));
      image
          .manifests()
          .forEach(
              manifest ->
                  to.manifests.put(
                      manifest.digest(),
                      new StoredManifest(
                          manifest.mediaType(), manifest.bytes(), manifest.digest())));
      to.tags.put(tag, image.digest());
    }
  }

  private Repository get(String name) {
    return store
        .get(name)
        .orElseThrow(
            () -> new IllegalArgumentException("no repository " + name + " in " + store.names()));
  }

  private void handleData(Exchange exchange) {
    switch (tokens.check(exchange.header("Authorization"))) {
      case UNKNOWN ->
          exchange
              .answer(
                  401,
                  "text/plain",
                  "Not Authorized".getBytes(java.nio.charset.StandardCharsets.UTF_8))
              .with(
                  "WWW-Authenticate",
                  "Basic realm=\"" + endpoint() + "/\",service=\"ecr.amazonaws.com\"");
      case EXPIRED ->
          DataPlane.error(
              exchange,
              403,
              "DENIED",
              "Your authorization token has expired. Reauthenticate and try again.");
      case GOOD -> {
        String action =
            switch (data.name(exchange)) {
              case "POST upload", "MOUNT" -> "ecr:InitiateLayerUpload";
              case "PUT blob" -> "ecr:CompleteLayerUpload";
              case "PUT manifest" -> "ecr:PutImage";
              case "HEAD blob" -> "ecr:BatchCheckLayerAvailability";
              case "GET blob" -> "ecr:GetDownloadUrlForLayer";
              default -> "ecr:BatchGetImage";
            };
        if (control.isDenied(action)) {
          DataPlane.error(
              exchange,
              403,
              "DENIED",
              "User: arn:aws:iam::"
                  + account
                  + ":user/test is not authorized to perform: "
                  + action
                  + " on resource: *");
        } else {
          data.handle(exchange);
        }
      }
    }
  }

  private String controlName(Exchange exchange) {
    return platform(exchange)
        .flatMap(api -> api.operation(exchange))
        .orElseGet(() -> isIdentity(exchange) ? "GetCallerIdentity" : control.name(exchange));
  }

  private void handleControl(Exchange exchange) {
    Optional<AwsApi> platform = platform(exchange);
    if (platform.isPresent()) {
      platform.get().handle(exchange);
    } else if (isIdentity(exchange)) {
      answerIdentity(exchange);
    } else {
      control.handle(exchange);
    }
  }

  /** The platform that a request is for; empty if it is for the registry. */
  private Optional<AwsApi> platform(Exchange exchange) {
    return platforms.stream().filter(api -> api.operation(exchange).isPresent()).findFirst();
  }

  private static boolean isIdentity(Exchange exchange) {
    return new String(exchange.body, java.nio.charset.StandardCharsets.UTF_8)
        .startsWith("Action=GetCallerIdentity&");
  }

  private void answerIdentity(Exchange exchange) {
    exchange.answer(
        200,
        "text/xml",
        ("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                + "<GetCallerIdentityResult><Arn>arn:aws:iam::"
                + account
                + ":user/test</Arn><UserId>AIDATEST</UserId><Account>"
                + account
                + "</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** The blob store behind the registry. It refuses requests with credentials. */
  private void handleBlob(Exchange exchange) {
    if (exchange.header("Authorization") != null) {
      exchange.answer(
          400,
          "application/xml",
          "<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>"
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return;
    }
    String path = exchange.path().substring("/starport/".length());
    int slash = path.lastIndexOf('/');
    byte[] bytes;
    synchronized (store) {
      bytes = get(path.substring(0, slash)).blobs.get(Digest.parse(path.substring(slash + 1)));
    }
    if (bytes == null) {
      exchange.answer(404);
    } else {
      exchange.answer(200, "application/octet-stream", bytes);
    }
  }

  @Override
  public void close() {
    server.close();
    blobs.close();
  }

  /** Builds an {@link EcrServer}. */
  public static final class Builder {
    private String account = "123456789012";
    private String region = "us-east-1";
    private Clock clock = Clock.systemUTC();
    private String host = "127.0.0.1";
    private String blobHost = "127.0.0.1";
    private Optional<TlsCertificate> certificate = Optional.empty();

    private Builder() {}

    public Builder account(String digits) {
      account = digits;
      return this;
    }

    public Builder region(String name) {
      region = name;
      return this;
    }

    /** The clock for the expiry of tokens and signatures. */
    public Builder clock(Clock by) {
      clock = by;
      return this;
    }

    /**
     * Uses TLS with these host names.
     *
     * @param with the certificate for the host names
     * @param registryHost the host name of the registry
     * @param blobsHost the host name of the second port
     */
    public Builder tls(TlsCertificate with, String registryHost, String blobsHost) {
      certificate = Optional.of(with);
      host = registryHost;
      blobHost = blobsHost;
      return this;
    }

    public EcrServer start() {
      return new EcrServer(this);
    }
  }
}
