package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Realm;
import dev.imagespec.runtime.oci.RawManifest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    Authentication authentication =
        new Authentication(builder.credentials, new TokenServer(transport, builder.realms));
    RequestSender sender = new RequestSender(transport, authentication, retry, builder.quotas);
    manifests = new Manifests(sender);
    blobs = new Blobs(sender);
    uploads = new Uploads(sender);
    tags = new Tags(sender);
  }

  /** A client that sends no credentials, unless told where to find some. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads a manifest or index.
   *
   * @param reference a tag or a digest
   * @return empty if the repository or the manifest does not exist
   */
  public Optional<RawManifest> manifest(Repository repository, String reference) {
    return manifests.read(repository, reference);
  }

  /**
   * Asks what a tag or digest names, without reading it.
   *
   * @return empty if the repository or the manifest does not exist
   */
  public Optional<Digest> manifestDigest(Repository repository, String reference) {
    return manifests.digest(repository, reference);
  }

  /**
   * The tags of a repository, in the registry's order.
   *
   * @return empty if the repository does not exist
   * @throws ImageSpecException also if the registry does not list tags, or never ends doing so
   */
  public Optional<List<String>> tags(Repository repository) {
    return tags.list(repository);
  }

  /**
   * Asks whether the credential may push, without pushing: by finishing an upload that was never
   * started.
   *
   * @return empty if the registry's answer says nothing of it
   * @throws ImageSpecException if it may not, or the registry cannot be asked
   */
  public Optional<Boolean> mayPush(Repository repository) {
    return uploads.mayPush(repository);
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
          URI api = Endpoint.root(registry).resolve("/v2/");
          try (Reply reply = transport.send("GET", api, Map.of(), null)) {
            return reply.header("Date").flatMap(Errors::date);
          }
        });
  }

  /**
   * Writes a manifest or index whose blobs and manifests are there.
   *
   * @param reference a tag, or the manifest's digest
   * @throws ImageSpecException with {@link FailureCode#TAG_IMMUTABLE} if the tag exists and may not
   *     be moved; with {@link FailureCode#DIGEST_MISMATCH} if the registry has made something else
   *     of it
   */
  public void putManifest(Repository repository, String reference, RawManifest manifest) {
    manifests.put(repository, reference, manifest);
  }

  /** Asks whether a repository has a blob. */
  public boolean hasBlob(Repository repository, Digest digest) {
    return blobs.exists(repository, digest);
  }

  /**
   * Reads a small blob into memory, and checks its digest.
   *
   * @param size its length in bytes, or -1 if that is not known
   */
  public byte[] smallBlob(Repository repository, Digest digest, long size) {
    return blobs.small(repository, digest, size);
  }

  /**
   * A blob in a repository, read each time it is opened, and checked on the way.
   *
   * @param size its length in bytes
   */
  public BlobSource remoteBlob(Repository repository, Digest digest, long size) {
    return blobs.source(repository, digest, size);
  }

  /**
   * Sends a blob: one request for a place, one for all bytes. Not in chunks, of which Amazon ECR
   * drops all but the first.
   */
  public void upload(Repository repository, BlobSource blob) {
    uploads.upload(repository, blob);
  }

  /**
   * Has a repository take a blob over from another one of its registry; where the registry does
   * not, sends it.
   *
   * @return whether it was taken over
   */
  public boolean mountOrUpload(Repository to, Repository from, BlobSource blob) {
    return uploads.mountOrUpload(to, from, blob);
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
    private Quotas quotas = new Quotas(System::nanoTime, time -> Thread.sleep(time.toMillis()));

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

    /** Environment variables, of which those that name proxies are read. */
    public Builder environment(Map<String, String> variables) {
      environment = variables;
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

    public RegistryClient build() {
      return new RegistryClient(this);
    }
  }
}
