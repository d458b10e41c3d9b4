package dev.imagespec.runtime.registry;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Realm;
import dev.imagespec.runtime.http.HttpTime;
import dev.imagespec.runtime.http.Quotas;
import dev.imagespec.runtime.http.Reply;
import dev.imagespec.runtime.http.RetryPolicy;
import dev.imagespec.runtime.http.Transport;
import dev.imagespec.runtime.registry.auth.Authentication;
import dev.imagespec.runtime.registry.auth.CredentialSource;
import dev.imagespec.runtime.registry.auth.TokenServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A client for any number of registries that speaks the OCI distribution protocol (version 1.1).
 * Use one per registration; safe for use by several threads. Operations retry where that makes
 * sense, and throw an {@link ImageSpecException} if they fail.
 */
public final class RegistryClient implements AutoCloseable {
  private final Transport transport;
  private final RetryPolicy retry;
  private final RequestSender sender;
  private final Manifests manifests;
  private final Blobs blobs;
  private final Uploads uploads;
  private final Tags tags;

  private RegistryClient(Builder builder) {
    transport = new Transport(builder.idle, builder.environment);
    retry = builder.retry;
    TokenServer tokenServer =
        new TokenServer(
            transport, builder.realms, registry -> builder.rules.apply(registry).allowsBearer());
    sender =
        new RequestSender(
            transport,
            new Authentication(builder.credentials, tokenServer),
            retry,
            builder.quotas,
            builder.rules);
    manifests = new Manifests(sender);
    blobs = new Blobs(sender);
    uploads = new Uploads(sender);
    tags = new Tags(sender);
  }

  /** A builder of clients. Without {@link Builder#credentials}, a client sends no credentials. */
  public static Builder builder() {
    return new Builder();
  }

  /** Reads and writes manifests and indexes. */
  public Manifests manifests() {
    return manifests;
  }

  /** Reads blobs. */
  public Blobs blobs() {
    return blobs;
  }

  /** Writes blobs. */
  public Uploads uploads() {
    return uploads;
  }

  /** Lists tags. */
  public Tags tags() {
    return tags;
  }

  /**
   * Says that images will be pushed to a repository. What is asked about it is then asked as the
   * pushing will be, if the registry refuses to answer otherwise.
   */
  public void expectPush(Repository repository) {
    sender.expectPush(repository);
  }

  /** The proxy used for a registry, as {@code host:port}; empty for none. */
  public Optional<String> proxy(Registry registry) {
    return transport.proxy(Endpoint.root(registry));
  }

  /**
   * The registry's clock, from the {@code Date} header of an answer. Sends no credential.
   *
   * @return empty if the answer has no such header
   * @throws ImageSpecException with {@link FailureCode#UNREACHABLE} if the registry does not answer
   */
  public Optional<Instant> clock(Registry registry) {
    return retry.call(
        registry.toString(),
        () -> {
          try (Reply reply = transport.send("GET", Endpoint.base(registry), Map.of(), null)) {
            return reply.header("Date").flatMap(HttpTime::date);
          }
        });
  }

  /** The text of a server with all credentials masked that this client has sent. */
  public String redact(String text) {
    return transport.redaction().apply(text);
  }

  /** Gets ready in the background for a request that is expected. Sends nothing. */
  public void getReady() {
    transport.getReady();
  }

  /** The number of requests sent so far, including those to token servers. */
  public long requests() {
    return transport.requests();
  }

  @Override
  public void close() {
    transport.close();
  }

  /** Builds a {@link RegistryClient}. */
  public static final class Builder {
    private static final Duration IDLE = Duration.ofSeconds(60);

    private CredentialSource credentials = registry -> Optional.empty();
    private List<Realm> realms = List.of();
    private Duration idle = IDLE;
    private Map<String, String> environment = EnvironmentVariables.ofThisProcess();
    private RetryPolicy retry = RetryPolicy.standard();
    private Quotas quotas = Quotas.standard();
    private Function<Registry, RegistryRules> rules = registry -> RegistryRules.SPECIFICATION;

    private Builder() {}

    /** Where credentials come from. */
    public Builder credentials(CredentialSource source) {
      credentials = source;
      return this;
    }

    /** Token servers on other hosts that may receive a registry's credential. */
    public Builder realms(List<Realm> allowed) {
      realms = List.copyOf(allowed);
      return this;
    }

    /** How long an exchange may make no progress, in either direction, before it is aborted. */
    public Builder idle(Duration time) {
      idle = time;
      return this;
    }

    /** Environment variables, which may name proxies. */
    public Builder environment(Map<String, String> variables) {
      environment = variables;
      return this;
    }

    /** How registries differ from the specification. */
    public Builder rules(Function<Registry, RegistryRules> ofRegistry) {
      rules = ofRegistry;
      return this;
    }

    Builder retry(RetryPolicy policy) {
      retry = policy;
      return this;
    }

    Builder quotas(Quotas limits) {
      quotas = limits;
      return this;
    }

    /** Builds the client, which must be closed. */
    public RegistryClient build() {
      return new RegistryClient(this);
    }
  }
}
