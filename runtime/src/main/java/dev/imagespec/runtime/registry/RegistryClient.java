package dev.imagespec.runtime.registry;

import dev.imagespec.model.Registry;
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
 * Speaks the OCI distribution protocol (version 1.1) with any number of registries. One per
 * registration; for many threads. Every operation that fails does so with an {@link
 * ImageSpecException}, after it was tried again as often as makes sense.
 */
public final class RegistryClient implements AutoCloseable {
  private final Transport transport;
  private final RetryPolicy retry;
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
    RequestSender sender =
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

  /** A client that sends no credentials, unless told where to find some. */
  public static Builder builder() {
    return new Builder();
  }

  /** Manifests and indexes. */
  public Manifests manifests() {
    return manifests;
  }

  /** Blobs, to read. */
  public Blobs blobs() {
    return blobs;
  }

  /** Blobs, to write. */
  public Uploads uploads() {
    return uploads;
  }

  /** Lists of tags. */
  public Tags tags() {
    return tags;
  }

  /** The proxy that a registry is reached through, as {@code host:port}; empty for none. */
  public Optional<String> proxy(Registry registry) {
    return transport.proxy(Endpoint.root(registry));
  }

  /**
   * What time it is where a registry stands, by the {@code Date} of any answer. No credential is
   * sent.
   *
   * @return empty if it does not say
   * @throws ImageSpecException with {@link FailureCode#UNREACHABLE} if it does not answer
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

  /** Requests sent so far, those to token servers included. */
  public long requests() {
    return transport.requests();
  }

  @Override
  public void close() {
    transport.close();
  }

  /** Makes a {@link RegistryClient}. */
  public static final class Builder {
    private static final Duration IDLE = Duration.ofSeconds(60);

    private CredentialSource credentials = registry -> Optional.empty();
    private List<Realm> realms = List.of();
    private Duration idle = IDLE;
    private Map<String, String> environment = System.getenv();
    private RetryPolicy retry = RetryPolicy.standard();
    private Quotas quotas = Quotas.standard();
    private Function<Registry, RegistryRules> rules = registry -> RegistryRules.SPECIFICATION;

    private Builder() {}

    /** Where credentials come from. */
    public Builder credentials(CredentialSource source) {
      credentials = source;
      return this;
    }

    /** Token servers on other hosts that registries' credentials may be sent to. */
    public Builder realms(List<Realm> allowed) {
      realms = List.copyOf(allowed);
      return this;
    }

    /** How long an exchange may stand still, in either direction, before it is given up. */
    public Builder idle(Duration time) {
      idle = time;
      return this;
    }

    /** Environment variables; those that name proxies are read. */
    public Builder environment(Map<String, String> variables) {
      environment = variables;
      return this;
    }

    /** What registries do in their own way. */
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

    /** The client; to be closed. */
    public RegistryClient build() {
      return new RegistryClient(this);
    }
  }
}
