package dev.imagespec.runtime.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Digest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Realm;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Speaks the OCI distribution protocol (version 1.1) with any number of registries. One per
 * registration; for many threads. Every operation that fails does so with an {@link
 * ImageSpecException}, after it was tried again as often as makes sense.
 */
public final class RegistryClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Amazon ECR's limit, and that of most registries. */
  private static final int MAX_MANIFEST = 4 << 20;

  private static final int MAX_SMALL_BLOB = 8 << 20;
  private static final int MAX_REDIRECTS = 5;
  private static final int TOO_MANY_REQUESTS = 429;

  private static final int TAGS_A_PAGE = 1000;

  /** As many images as Amazon ECR keeps in a repository. */
  private static final int MAX_TAGS = 100_000;

  private static final int MAX_LINK = 8192;
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern NEXT = Pattern.compile("<([^<>]+)>\\s*;[^<>]*\\brel=\"?next\\b");

  private static final String ACCEPT =
      "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json,"
          + " application/vnd.docker.distribution.manifest.list.v2+json,"
          + " application/vnd.docker.distribution.manifest.v2+json";

  private final Transport transport;
  private final Authentication authentication;
  private final RetryPolicy retry;
  private final Quotas quotas;
  private final Map<String, Congestion> congestions = new ConcurrentHashMap<>();

  private RegistryClient(Builder builder) {
    transport = new Transport(builder.idle, builder.environment);
    authentication =
        new Authentication(builder.credentials, new TokenServer(transport, builder.realms));
    retry = builder.retry;
    quotas = builder.quotas;
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
  public Optional<RemoteManifest> manifest(RemoteRepository repository, String reference) {
    return retry.call(
        repository.registry(),
        () -> {
          Request request =
              new Request(repository, "GET", "manifests/" + reference, pull(repository));
          request.headers.put("Accept", ACCEPT);
          try (Reply reply = follow(request)) {
            if (reply.status() == 404) {
              return Optional.empty();
            }
            expect(reply, request, 200);
            return Optional.of(readManifest(repository, reference, reply));
          }
        });
  }

  /**
   * Asks what a tag or digest names, without reading it.
   *
   * @return empty if the repository or the manifest does not exist
   */
  public Optional<Digest> manifestDigest(RemoteRepository repository, String reference) {
    Optional<Optional<Digest>> answer =
        retry.call(
            repository.registry(),
            () -> {
              Request request =
                  new Request(repository, "HEAD", "manifests/" + reference, pull(repository));
              request.headers.put("Accept", ACCEPT);
              try (Reply reply = send(request)) {
                if (reply.status() == 404) {
                  return Optional.empty();
                }
                if (reply.isRedirect()) {
                  return Optional.of(Optional.empty());
                }
                expect(reply, request, 200);
                return Optional.of(digestHeader(reply));
              }
            });
    if (answer.isPresent() && answer.get().isEmpty()) {
      // A registry that does not say the digest: the manifest itself does.
      return manifest(repository, reference).map(RemoteManifest::digest);
    }
    return answer.flatMap(digest -> digest);
  }

  /**
   * The tags of a repository, in the registry's order.
   *
   * @return empty if the repository does not exist
   * @throws ImageSpecException also if the registry does not list tags, or never ends doing so
   */
  public Optional<List<String>> tags(RemoteRepository repository) {
    Set<String> tags = new LinkedHashSet<>();
    Optional<URI> page = Optional.of(Endpoint.of(repository, "tags/list?n=" + TAGS_A_PAGE));
    while (page.isPresent()) {
      URI asked = page.get();
      Optional<TagPage> answer = retry.call(repository.registry(), () -> tags(repository, asked));
      if (answer.isEmpty()) {
        return Optional.empty();
      }
      boolean more = tags.addAll(answer.get().tags());
      page = answer.get().next();
      if (tags.size() > MAX_TAGS || (page.isPresent() && !more)) {
        throw new ImageSpecException(
            FailureCode.PROTOCOL,
            repository
                + (more
                    ? " lists more than " + MAX_TAGS + " tags."
                    : " goes on listing tags, but none that it has not listed."));
      }
    }
    return Optional.of(List.copyOf(tags));
  }

  private record TagPage(List<String> tags, Optional<URI> next) {}

  private Optional<TagPage> tags(RemoteRepository repository, URI page)
      throws IOException, InterruptedException {
    Request request = new Request(repository, "GET", page, pull(repository));
    try (Reply reply = send(request)) {
      if (reply.status() == 404) {
        return Optional.empty();
      }
      expect(reply, request, 200);
      Optional<URI> next = reply.header("Link").flatMap(link -> nextPage(repository, page, link));
      List<String> tags = new ArrayList<>();
      byte[] bytes = reply.bytes(MAX_MANIFEST, "A page of the tags of " + repository);
      for (JsonNode tag : json("The list of tags of " + repository, bytes).path("tags")) {
        if (!TAG.matcher(tag.asText()).matches()) {
          throw new ImageSpecException(
              FailureCode.PROTOCOL, repository + " lists a tag that is none.");
        }
        tags.add(tag.asText());
      }
      return Optional.of(new TagPage(tags, next));
    }
  }

  /** The next page (RFC 8288), which is a page of the same list. */
  private static Optional<URI> nextPage(RemoteRepository repository, URI page, String link) {
    Matcher next = NEXT.matcher(link);
    if (link.length() > MAX_LINK || !next.find()) {
      return Optional.empty();
    }
    URI list = Endpoint.of(repository, "tags/list");
    return Optional.of(
        Endpoint.resolve(page, next.group(1))
            .filter(uri -> Endpoint.sameOrigin(list, uri) && list.getPath().equals(uri.getPath()))
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.PROTOCOL,
                        repository
                            + " continues its list of tags elsewhere. It was not followed.")));
  }

  /**
   * Asks whether the credential may push, without pushing: by finishing an upload that was never
   * started.
   *
   * @return empty if the registry's answer says nothing of it
   * @throws ImageSpecException if it may not, or the registry cannot be asked
   */
  public Optional<Boolean> mayPush(RemoteRepository repository) {
    String nobodys = "blobs/uploads/" + UUID.randomUUID() + "?digest=" + Digest.of(new byte[0]);
    return retry.call(
        repository.registry(),
        () -> {
          try (Reply reply = send(new Request(repository, "PUT", nobodys, push(repository)))) {
            return reply.status() == 404 || reply.status() == 400
                ? Optional.of(true)
                : Optional.empty();
          }
        });
  }

  /** The proxy that a registry is reached through, as {@code host:port}; empty for none. */
  public Optional<String> proxy(String registry) {
    return transport.proxy(Endpoint.root(registry));
  }

  /**
   * What time it is where a registry stands, by the {@code Date} of any answer. No credential is
   * sent.
   *
   * @return empty if it does not say
   * @throws ImageSpecException with {@link FailureCode#UNREACHABLE} if it does not answer
   */
  public Optional<Instant> clock(String registry) {
    return retry.call(
        registry,
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
  public void putManifest(RemoteRepository repository, String reference, RemoteManifest manifest) {
    retry.call(
        repository.registry(),
        () -> {
          Request request =
              new Request(repository, "PUT", "manifests/" + reference, push(repository));
          request.headers.put("Content-Type", manifest.mediaType());
          request.body = BlobSource.of(manifest.bytes());
          try (Reply reply = send(request)) {
            if (reply.status() != 201 && reply.status() != 200) {
              Errors.Answer answer = Errors.read(reply);
              ImageSpecException failure = Errors.failure(answer, request.asked(), true);
              if (answer.isMissingBlob()) {
                // Amazon ECR knows of a blob a moment later than it says so.
                throw new RetryableException(failure, Optional.empty());
              }
              throw failure;
            }
            Optional<Digest> reported = digestHeader(reply);
            if (reported.isPresent() && !reported.get().equals(manifest.digest())) {
              throw new ImageSpecException(
                  FailureCode.DIGEST_MISMATCH,
                  repository
                      + " has "
                      + reported.get()
                      + " for what was sent as "
                      + manifest.digest()
                      + ".");
            }
            return reported.isPresent();
          }
        });
  }

  /** Asks whether a repository has a blob. */
  public boolean hasBlob(RemoteRepository repository, Digest digest) {
    return retry.call(
        repository.registry(),
        () -> {
          Request request = new Request(repository, "HEAD", "blobs/" + digest, pull(repository));
          try (Reply reply = send(request)) {
            if (reply.status() == 404) {
              return false;
            }
            // A registry may keep its blobs elsewhere, and say so to HEAD as well.
            if (!reply.isRedirect()) {
              expect(reply, request, 200);
            }
            return true;
          }
        });
  }

  /**
   * Reads a small blob into memory, and checks its digest.
   *
   * @param size its length in bytes, or -1 if that is not known
   */
  public byte[] smallBlob(RemoteRepository repository, Digest digest, long size) {
    if (size > MAX_SMALL_BLOB) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          "The blob " + digest + " of " + repository + " is larger than a configuration can be.");
    }
    return retry.call(
        repository.registry(),
        () -> {
          try (Reply reply = openBlob(repository, digest)) {
            byte[] bytes =
                reply.bytes(
                    size < 0 ? MAX_SMALL_BLOB : (int) size,
                    "The blob " + digest + " of " + repository);
            if (!Digest.of(bytes).equals(digest)) {
              throw Errors.mismatch(repository, digest, Digest.of(bytes));
            }
            return bytes;
          }
        });
  }

  /**
   * A blob in a repository, read each time it is opened, and checked on the way.
   *
   * @param size its length in bytes
   */
  public BlobSource remoteBlob(RemoteRepository repository, Digest digest, long size) {
    return new BlobSource() {
      @Override
      public Digest digest() {
        return digest;
      }

      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() throws IOException {
        try {
          return new VerifiedStream(openBlob(repository, digest).body(), repository, digest, size);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        }
      }
    };
  }

  /**
   * Sends a blob: one request for a place, one for all bytes. Not in chunks, of which Amazon ECR
   * drops all but the first.
   */
  public void upload(RemoteRepository repository, BlobSource blob) {
    retry.call(
        repository.registry(),
        () -> {
          Request request = new Request(repository, "POST", "blobs/uploads/", push(repository));
          try (Reply reply = send(request)) {
            expect(reply, request, 202);
            return finish(repository, blob, reply);
          }
        });
  }

  /**
   * Has a repository take a blob over from another one of its registry; where the registry does
   * not, sends it.
   *
   * @return whether it was taken over
   */
  public boolean mountOrUpload(RemoteRepository to, RemoteRepository from, BlobSource blob) {
    return retry.call(
        to.registry(),
        () -> {
          Request request =
              new Request(
                  to,
                  "POST",
                  "blobs/uploads/?mount=" + blob.digest() + "&from=" + from.name(),
                  push(to) + " " + pull(from));
          try (Reply reply = send(request)) {
            if (reply.status() == 201) {
              return true;
            }
            expect(reply, request, 202);
            finish(to, blob, reply);
            return false;
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

  private boolean finish(RemoteRepository repository, BlobSource blob, Reply started)
      throws IOException, InterruptedException {
    URI own = Endpoint.root(repository.registry());
    String named = started.header("Location").orElse("");
    URI location =
        Endpoint.resolve(own, named)
            .filter(uri -> !named.isEmpty() && Endpoint.sameOrigin(own, uri))
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.PROTOCOL,
                        repository
                            + " wants the blob "
                            + blob.digest()
                            + " sent to "
                            + (named.isEmpty() ? "no place" : "another host")
                            + ". Nothing was sent there."));
    String separator = location.getRawQuery() == null ? "?" : "&";
    Request request =
        new Request(
            repository,
            "PUT",
            URI.create(location + separator + "digest=" + blob.digest()),
            push(repository));
    request.headers.put("Content-Type", "application/octet-stream");
    request.body = blob;
    try (Reply reply = send(request)) {
      if (reply.status() == 404) {
        // The upload itself is gone: start a new one.
        Errors.Answer answer = Errors.read(reply);
        throw new RetryableException(
            Errors.failure(answer, request.asked(), true), Optional.empty());
      }
      expect(reply, request, 201);
      return true;
    }
  }

  private Reply openBlob(RemoteRepository repository, Digest digest)
      throws IOException, InterruptedException {
    Request request = new Request(repository, "GET", "blobs/" + digest, pull(repository));
    Reply reply = follow(request);
    if (reply.status() != 200) {
      try (Reply failed = reply) {
        throw Errors.failure(Errors.read(failed), request.asked(), true);
      }
    }
    return reply;
  }

  /** Reads, following redirects; to other hosts without the credential. */
  private Reply follow(Request request) throws IOException, InterruptedException {
    RemoteRepository repository = request.repository;
    URI root = Endpoint.root(repository.registry());
    Reply reply = send(request);
    for (int hop = 0; reply.isRedirect(); hop++) {
      Optional<URI> to = Endpoint.resolve(reply.uri(), reply.header("Location").orElse(""));
      reply.close();
      if (hop == MAX_REDIRECTS) {
        throw new ImageSpecException(
            FailureCode.PROTOCOL, repository + " sends its reader round in circles.");
      }
      if (to.isEmpty() || !Endpoint.isSafe(root, to.get())) {
        throw new ImageSpecException(
            FailureCode.PROTOCOL, repository + " sends its reader to a host without HTTPS.");
      }
      if (Endpoint.sameOrigin(root, to.get())) {
        Request next = new Request(repository, "GET", to.get(), request.scope);
        next.headers.putAll(request.headers);
        reply = send(next);
      } else {
        reply = transport.send("GET", to.get(), request.headers, null);
      }
      if (Errors.isRetryable(reply.status())) {
        try (Reply failed = reply) {
          throw Errors.retryable(failed, repository.registry() + " (blob store)");
        }
      }
    }
    return reply;
  }

  /** A request to a registry, and what it needs to be allowed to. */
  private static final class Request {
    private final RemoteRepository repository;
    private final String method;
    private final URI uri;
    private final String scope;
    private final Map<String, String> headers = new TreeMap<>();
    private @Nullable BlobSource body;

    Request(RemoteRepository repository, String method, String path, String scope) {
      this(repository, method, Endpoint.of(repository, path), scope);
    }

    Request(RemoteRepository repository, String method, URI uri, String scope) {
      this.repository = repository;
      this.method = method;
      this.uri = uri;
      this.scope = scope;
    }

    Errors.Asked asked() {
      return new Errors.Asked(repository, method, uri.getPath());
    }
  }

  /**
   * Sends a request with what proves who asks; once more if the registry says how to do that
   * better.
   */
  private Reply send(Request request) throws IOException, InterruptedException {
    String registry = request.repository.registry();
    Optional<String> proof = authentication.ahead(registry, request.scope);
    Reply reply = attempt(request, proof);
    if (reply.status() == 401 || reply.status() == 403) {
      Optional<Challenge> challenge =
          reply.status() == 401
              ? Challenge.of(reply.headers().allValues("WWW-Authenticate"))
              : Optional.empty();
      Errors.Answer answer;
      try (Reply refused = reply) {
        answer = Errors.read(refused);
      }
      Optional<String> better = Optional.empty();
      if (answer.isExpired()) {
        authentication.expire(registry, request.scope, proof);
        better = authentication.ahead(registry, request.scope);
      } else if (challenge.isPresent()) {
        better = authentication.answer(registry, request.scope, challenge.get(), proof.isPresent());
      } else if (request.method.equals("HEAD") && proof.isPresent()) {
        better = renewedIfExpired(request, proof);
      }
      if (better.isEmpty()) {
        throw Errors.failure(answer, request.asked(), proof.isPresent());
      }
      reply = attempt(request, better);
      if (reply.status() == 401 || reply.status() == 403) {
        try (Reply refused = reply) {
          throw Errors.refusedAgain(Errors.read(refused), request.asked());
        }
      }
    }
    return reply;
  }

  /** A refused HEAD has no body that says why: asks again in a way that has. */
  private Optional<String> renewedIfExpired(Request request, Optional<String> refused)
      throws IOException, InterruptedException {
    String registry = request.repository.registry();
    Optional<String> proof = authentication.ahead(registry, request.scope);
    if (!proof.equals(refused)) {
      return proof;
    }
    Map<String, String> headers = new TreeMap<>();
    proof.ifPresent(value -> headers.put("Authorization", value));
    Errors.Answer answer;
    try (Reply reply =
        transport.send("GET", Endpoint.root(registry).resolve("/v2/"), headers, null)) {
      answer = Errors.read(reply);
    }
    if (!answer.isExpired()) {
      return Optional.empty();
    }
    authentication.expire(registry, request.scope, proof);
    return authentication.ahead(registry, request.scope);
  }

  private Reply attempt(Request request, Optional<String> proof)
      throws IOException, InterruptedException {
    Map<String, String> headers = new TreeMap<>(request.headers);
    proof.ifPresent(value -> headers.put("Authorization", value));
    Reply reply = sendInTurn(request, headers);
    if (Errors.isRetryable(reply.status())) {
      try (Reply failed = reply) {
        throw Errors.retryable(failed, request.repository.toString());
      }
    }
    return reply;
  }

  /** Sends a request when the registry's quotas and its last word on our pace let it. */
  private Reply sendInTurn(Request request, Map<String, String> headers)
      throws IOException, InterruptedException {
    String registry = request.repository.registry();
    String path = request.uri.getPath();
    quotas.await(registry, request.method, path);
    if (EcrAction.of(request.method, path) == EcrAction.GET_LAYER) {
      // A blob may be read while it is sent on to the same registry: neither waits for the other.
      return transport.send(request.method, request.uri, headers, request.body);
    }
    Congestion congestion = congestions.computeIfAbsent(registry, key -> new Congestion());
    int ticket = congestion.enter();
    boolean throttled = false;
    try {
      Reply reply = transport.send(request.method, request.uri, headers, request.body);
      throttled = reply.status() == TOO_MANY_REQUESTS;
      return reply;
    } finally {
      congestion.leave(ticket, throttled);
    }
  }

  private static void expect(Reply reply, Request request, int status) throws IOException {
    if (reply.status() == status) {
      return;
    }
    Errors.Answer answer = Errors.read(reply);
    ImageSpecException failure = Errors.failure(answer, request.asked(), true);
    if (failure.code() == FailureCode.REPOSITORY_NOT_FOUND && !request.method.equals("GET")) {
      // A repository that was just created is not known everywhere at once.
      throw new RetryableException(failure, Optional.empty());
    }
    throw failure;
  }

  private static RemoteManifest readManifest(
      RemoteRepository repository, String reference, Reply reply) throws IOException {
    byte[] bytes = reply.bytes(MAX_MANIFEST, "The manifest " + reference + " of " + repository);
    Digest digest = Digest.of(bytes);
    Optional<Digest> reported = digestHeader(reply);
    boolean byDigest = reference.startsWith("sha256:");
    if ((byDigest && !reference.equals(digest.toString()))
        || (reported.isPresent() && !reported.get().equals(digest))) {
      throw new ImageSpecException(
          FailureCode.DIGEST_MISMATCH,
          repository + " gives " + digest + " for " + reference + " and calls it something else.");
    }
    String type = reply.header("Content-Type").orElse("").replaceFirst("\\s*;.*", "").strip();
    String inside =
        json("The manifest " + reference + " of " + repository, bytes).path("mediaType").asText();
    if (!ACCEPT.contains(type) || type.isEmpty() || !(inside.isEmpty() || inside.equals(type))) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          repository
              + ":"
              + reference
              + " is of the type "
              + (inside.isEmpty() || inside.equals(type) ? type : type + " and " + inside)
              + ", which is no image. Push it again as an OCI image or in Docker's schema 2.");
    }
    return new RemoteManifest(type, bytes, digest);
  }

  private static JsonNode json(String what, byte[] bytes) throws IOException {
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL, what + " is no JSON: " + e.getOriginalMessage() + ".", e);
    }
  }

  private static Optional<Digest> digestHeader(Reply reply) {
    return reply
        .header("Docker-Content-Digest")
        .filter(text -> text.startsWith("sha256:"))
        .map(
            text -> {
              try {
                return Digest.parse(text);
              } catch (IllegalArgumentException e) {
                throw new ImageSpecException(
                    FailureCode.PROTOCOL,
                    reply.uri().getHost() + " answers with a digest that is none.",
                    e);
              }
            });
  }

  private static String pull(RemoteRepository repository) {
    return "repository:" + repository.name() + ":pull";
  }

  private static String push(RemoteRepository repository) {
    return "repository:" + repository.name() + ":pull,push";
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
