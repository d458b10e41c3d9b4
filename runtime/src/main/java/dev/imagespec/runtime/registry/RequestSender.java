package dev.imagespec.runtime.registry;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends requests to registries: each with what proves who asks, at a pace that the registry takes,
 * and as often as makes sense.
 */
final class RequestSender {
  private static final int MAX_REDIRECTS = 5;
  private static final int TOO_MANY_REQUESTS = 429;

  private final Transport transport;
  private final Authentication authentication;
  private final RetryPolicy retry;
  private final Quotas quotas;
  private final Map<Registry, Congestion> congestions = new ConcurrentHashMap<>();

  RequestSender(
      Transport transport, Authentication authentication, RetryPolicy retry, Quotas quotas) {
    this.transport = transport;
    this.authentication = authentication;
    this.retry = retry;
    this.quotas = quotas;
  }

  /** Does what takes one request or several, again from its start where that may help. */
  <T> T call(Repository repository, RetryPolicy.Operation<T> operation) {
    return retry.call(repository.registry().toString(), operation);
  }

  /**
   * Sends a request with what proves who asks; once more if the registry says how to do that
   * better.
   */
  Reply send(Request request) throws IOException, InterruptedException {
    Registry registry = request.repository().registry();
    Optional<String> proof = authentication.ahead(registry, request.scope());
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
        authentication.expire(registry, request.scope(), proof);
        better = authentication.ahead(registry, request.scope());
      } else if (challenge.isPresent()) {
        better =
            authentication.answer(registry, request.scope(), challenge.get(), proof.isPresent());
      } else if (request.method().equals("HEAD") && proof.isPresent()) {
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
    Registry registry = request.repository().registry();
    Optional<String> proof = authentication.ahead(registry, request.scope());
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
    authentication.expire(registry, request.scope(), proof);
    return authentication.ahead(registry, request.scope());
  }

  private Reply attempt(Request request, Optional<String> proof)
      throws IOException, InterruptedException {
    Map<String, String> headers = new TreeMap<>(request.headers());
    proof.ifPresent(value -> headers.put("Authorization", value));
    Reply reply = sendInTurn(request, headers);
    if (Errors.isRetryable(reply.status())) {
      try (Reply failed = reply) {
        throw Errors.retryable(failed, request.repository().toString());
      }
    }
    return reply;
  }

  /** Sends a request when the registry's quotas and its last word on our pace let it. */
  private Reply sendInTurn(Request request, Map<String, String> headers)
      throws IOException, InterruptedException {
    Registry registry = request.repository().registry();
    String path = request.uri().getPath();
    quotas.await(registry, request.method(), path);
    if (EcrAction.of(request.method(), path) == EcrAction.GET_LAYER) {
      // A blob may be read while it is sent on to the same registry: neither waits for the other.
      return transport.send(request.method(), request.uri(), headers, request.body());
    }
    Congestion congestion = congestions.computeIfAbsent(registry, key -> new Congestion());
    int ticket = congestion.enter();
    boolean throttled = false;
    try {
      Reply reply = transport.send(request.method(), request.uri(), headers, request.body());
      throttled = reply.status() == TOO_MANY_REQUESTS;
      return reply;
    } finally {
      congestion.leave(ticket, throttled);
    }
  }

  /** Reads, following redirects; to other hosts without the credential. */
  Reply follow(Request request) throws IOException, InterruptedException {
    Repository repository = request.repository();
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
        reply = send(request.at(to.get()));
      } else {
        reply = transport.send("GET", to.get(), request.headers(), null);
      }
      if (Errors.isRetryable(reply.status())) {
        try (Reply failed = reply) {
          throw Errors.retryable(failed, repository.registry() + " (blob store)");
        }
      }
    }
    return reply;
  }

  /**
   * Lets one status pass.
   *
   * @throws ImageSpecException with what any other comes to
   */
  static void expect(Reply reply, Request request, int status) throws IOException {
    if (reply.status() == status) {
      return;
    }
    Errors.Answer answer = Errors.read(reply);
    ImageSpecException failure = Errors.failure(answer, request.asked(), true);
    if (failure.code() == FailureCode.REPOSITORY_NOT_FOUND && !request.method().equals("GET")) {
      // A repository that was just created is not known everywhere at once.
      throw new RetryableException(failure, Optional.empty());
    }
    throw failure;
  }
}
