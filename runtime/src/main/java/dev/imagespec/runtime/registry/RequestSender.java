package dev.imagespec.runtime.registry;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Addresses;
import dev.imagespec.runtime.http.Congestion;
import dev.imagespec.runtime.http.HttpTime;
import dev.imagespec.runtime.http.Patience;
import dev.imagespec.runtime.http.Quota;
import dev.imagespec.runtime.http.Quotas;
import dev.imagespec.runtime.http.Reply;
import dev.imagespec.runtime.http.RetryPolicy;
import dev.imagespec.runtime.http.RetryableException;
import dev.imagespec.runtime.http.Transport;
import dev.imagespec.runtime.registry.auth.Authentication;
import dev.imagespec.runtime.registry.auth.Challenge;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Sends requests to registries with credentials, within their quotas, and with retries. */
final class RequestSender {
  private static final int MAX_REDIRECTS = 5;

  /** The redirects that ask for the same request, with its method and body. */
  private static final Set<Integer> KEEPING_METHOD = Set.of(307, 308);

  private static final int TOO_MANY_REQUESTS = 429;

  private final Transport transport;
  private final Authentication authentication;
  private final RetryPolicy retry;
  private final Quotas quotas;
  private final Function<Registry, RegistryRules> rules;
  private final Map<Registry, Congestion> congestions = new ConcurrentHashMap<>();

  /** If reading works, that is no reason to go on writing. */
  private record Kind(Registry registry, boolean isWriting) {}

  private final Map<Kind, Patience> patience = new ConcurrentHashMap<>();

  RequestSender(
      Transport transport,
      Authentication authentication,
      RetryPolicy retry,
      Quotas quotas,
      Function<Registry, RegistryRules> rules) {
    this.transport = transport;
    this.authentication = authentication;
    this.retry = retry;
    this.quotas = quotas;
    this.rules = rules;
  }

  /**
   * Runs an operation of one or more requests; restarts it from its beginning if a retry may help.
   *
   * @param kind the operation that it is for
   */
  <T> T call(Operation kind, Repository repository, RetryPolicy.Operation<T> operation) {
    Registry registry = repository.registry();
    return retry.call(registry.toString(), patience(registry, kind), operation);
  }

  private Patience patience(Registry registry, Operation kind) {
    return patience.computeIfAbsent(new Kind(registry, kind.isWriting()), key -> retry.patience());
  }

  private Congestion congestion(Registry registry) {
    return congestions.computeIfAbsent(registry, key -> retry.congestion());
  }

  /** Says that images will be pushed to a repository. */
  void expectPush(Repository repository) {
    authentication.expectPush(repository);
  }

  /**
   * Sends a request with a credential, if there is one. If the registry rejects it and a better one
   * can be obtained, sends the request again.
   */
  Reply send(Request request) throws IOException, InterruptedException {
    Registry registry = request.repository().registry();
    RegistryRules own = rules.apply(registry);
    Authentication.Conversation conversation =
        authentication.conversation(registry, request.scopes());
    boolean renewed = false;
    Optional<String> authorization = authentication.ahead(registry, request.scopes());
    Reply reply = attempt(request, authorization);
    while (reply.status() == 401 || reply.status() == 403) {
      Optional<Challenge> challenge = Optional.empty();
      Answer answer;
      try (Reply refused = reply) {
        if (refused.status() == 401) {
          challenge = Challenge.of(registry, refused.headers("WWW-Authenticate"));
        }
        answer = Answer.read(refused);
      }
      Optional<String> better = Optional.empty();
      if (own.isExpired(answer)) {
        if (renewed) {
          throw Errors.refusedAgain(own, answer, request);
        }
        authentication.expire(registry, request.scopes(), authorization);
        better = authentication.ahead(registry, request.scopes());
        renewed = true;
      } else if (challenge.isPresent()) {
        better = conversation.answer(challenge.get(), authorization);
      } else if (request.method().equals("HEAD") && authorization.isPresent() && !renewed) {
        better = renewedIfExpired(request, authorization);
        renewed = true;
      }
      if (better.isEmpty() && answer.status() == 403) {
        better = conversation.answerDenial();
      }
      if (better.isEmpty()) {
        throw Errors.failure(own, answer, request, authorization.isPresent());
      }
      authorization = better;
      reply = attempt(request, authorization);
    }
    return reply;
  }

  /** A rejected HEAD has no body that says why, so asks again with GET, whose answer has one. */
  private Optional<String> renewedIfExpired(Request request, Optional<String> refused)
      throws IOException, InterruptedException {
    Registry registry = request.repository().registry();
    Optional<String> authorization = authentication.ahead(registry, request.scopes());
    if (!authorization.equals(refused)) {
      return authorization;
    }
    Map<String, String> headers = new TreeMap<>();
    authorization.ifPresent(value -> headers.put("Authorization", value));
    Answer answer;
    try (Reply reply = transport.send("GET", Endpoint.base(registry), headers, null)) {
      answer = Answer.read(reply);
    }
    if (!rules.apply(registry).isExpired(answer)) {
      return Optional.empty();
    }
    authentication.expire(registry, request.scopes(), authorization);
    return authentication.ahead(registry, request.scopes());
  }

  private Reply attempt(Request request, Optional<String> authorization)
      throws IOException, InterruptedException {
    Map<String, String> headers = new TreeMap<>(request.headers());
    authorization.ifPresent(value -> headers.put("Authorization", value));
    Reply reply = sendInTurn(request, headers);
    if (RetryPolicy.isRetryable(reply.status())) {
      try (Reply failed = reply) {
        throw Answer.retryable(failed, request.repository().toString());
      }
    }
    return reply;
  }

  /** Sends a request once the registry's quotas and its current limit allow that. */
  private Reply sendInTurn(Request request, Map<String, String> headers)
      throws IOException, InterruptedException {
    Registry registry = request.repository().registry();
    Optional<Quota> quota = rules.apply(registry).quota(request.operation());
    if (quota.isPresent()) {
      quotas.await(quota.get());
    }
    if (request.operation() == Operation.READ_BLOB) {
      // A blob may be read while it is sent to the same registry: the one must not wait for the
      // other.
      return transport.send(request.method(), request.uri(), headers, request.body());
    }
    Congestion congestion = congestion(registry);
    int ticket = congestion.enter();
    boolean throttled = false;
    try {
      Reply reply = transport.send(request.method(), request.uri(), headers, request.body());
      throttled = reply.status() == TOO_MANY_REQUESTS;
      if (throttled && !patience(registry, request.operation()).isOver()) {
        congestion.pause(reply.header("Retry-After").flatMap(HttpTime::retryAfter));
      }
      return reply;
    } finally {
      congestion.leave(ticket, throttled);
    }
  }

  /** Sends a request that reads, and follows redirects; to other hosts, without the credential. */
  Reply follow(Request request) throws IOException, InterruptedException {
    Repository repository = request.repository();
    URI root = Endpoint.root(repository.registry());
    Reply reply = send(request);
    for (int hop = 0; reply.isRedirect(); hop++) {
      Optional<URI> to = Addresses.resolve(reply.uri(), reply.header("Location").orElse(""));
      reply.close();
      if (hop == MAX_REDIRECTS) {
        throw new ImageSpecException(
            FailureCode.PROTOCOL, repository + " sends its reader round in circles.");
      }
      if (to.isEmpty() || !Addresses.isSafe(root, to.get())) {
        throw new ImageSpecException(
            FailureCode.PROTOCOL, repository + " sends its reader to a host without HTTPS.");
      }
      if (Addresses.sameOrigin(root, to.get())) {
        reply = send(request.at(to.get()));
      } else {
        reply = transport.send("GET", to.get(), request.headers(), null);
      }
      if (RetryPolicy.isRetryable(reply.status())) {
        try (Reply failed = reply) {
          throw Answer.retryable(failed, repository.registry() + " (blob store)");
        }
      }
    }
    return reply;
  }

  /**
   * Sends a request that writes. If the registry names another place on its own host for it, sends
   * it there, whole.
   */
  Reply write(Request request) throws IOException, InterruptedException {
    Repository repository = request.repository();
    URI root = Endpoint.root(repository.registry());
    Reply reply = send(request);
    for (int hop = 0; reply.isRedirect() && KEEPING_METHOD.contains(reply.status()); hop++) {
      Optional<URI> to =
          Addresses.resolve(reply.uri(), reply.header("Location").orElse(""))
              .map(uri -> Addresses.secured(root, uri))
              .filter(uri -> Addresses.sameOrigin(root, uri));
      reply.close();
      if (to.isEmpty()) {
        throw new ImageSpecException(
            FailureCode.PROTOCOL,
            repository + " sends its writer to another host. Nothing was sent there.");
      }
      if (hop == MAX_REDIRECTS) {
        throw new ImageSpecException(
            FailureCode.PROTOCOL, repository + " sends its writer round in circles.");
      }
      reply = send(request.at(to.get()));
    }
    return reply;
  }

  static boolean isSuccess(Reply reply) {
    return reply.status() / 100 == 2;
  }

  /** Whether the registry does not know this method here: another one may tell. */
  static boolean isUnknownMethod(Reply reply) {
    return reply.status() == 405 || reply.status() == 501;
  }

  /** The failure for a reply to a request that was sent with a credential. */
  ImageSpecException failure(Reply reply, Request request) throws IOException {
    return failure(Answer.read(reply), request);
  }

  ImageSpecException failure(Answer answer, Request request) {
    return Errors.failure(rules.apply(request.repository().registry()), answer, request, true);
  }

  /**
   * Accepts only this status.
   *
   * @throws ImageSpecException for any other status
   */
  void expect(Reply reply, Request request, int status) throws IOException {
    if (reply.status() != status) {
      fail(reply, request);
    }
  }

  /**
   * Accepts any status of success: registries differ.
   *
   * @throws ImageSpecException for any other status
   */
  void expectSuccess(Reply reply, Request request) throws IOException {
    if (!isSuccess(reply)) {
      fail(reply, request);
    }
  }

  private void fail(Reply reply, Request request) throws IOException {
    ImageSpecException failure = failure(reply, request);
    if (failure.code() == FailureCode.REPOSITORY_NOT_FOUND && !request.method().equals("GET")) {
      // A registry may not know a repository everywhere right after creating it.
      throw new RetryableException(failure, Optional.empty());
    }
    throw failure;
  }
}
