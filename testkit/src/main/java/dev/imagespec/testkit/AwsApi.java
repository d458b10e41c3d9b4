package dev.imagespec.testkit;

import dev.imagespec.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The common part of the APIs that run tasks: requests are signed, have the shapes of the service,
 * and can be denied. JSON 1.1, where {@code X-Amz-Target} names the operation, or REST.
 */
abstract class AwsApi {
  private static final String PASS_ROLE = "iam:PassRole";

  private final AwsShapes shapes;
  private final Signatures signatures;
  private final String service;
  private final Set<String> denied = ConcurrentHashMap.newKeySet();
  final String account;
  final String region;

  AwsApi(Signatures signatures, String account, String region) {
    this.signatures = signatures;
    this.service = signatures.service();
    this.shapes = AwsShapes.of(service);
    this.account = account;
    this.region = region;
  }

  /** The operation of a request, if it is one of this API. */
  abstract Optional<String> operation(Exchange exchange);

  /**
   * Answers a request, one at a time.
   *
   * @param path what the placeholders in the operation's path stand for
   */
  abstract Map<String, Object> answer(
      String operation, Map<String, String> path, Map<?, ?> request, Exchange exchange);

  /** The media type of answers. */
  abstract String mediaType();

  /** The status of an answer. */
  int status(String operation) {
    return 200;
  }

  final AwsShapes shapes() {
    return shapes;
  }

  /** Denies an action, for example {@code ecs:RegisterTaskDefinition}. */
  final void deny(String action) {
    denied.add(action);
  }

  /** Refuses a request with a role that the caller may not pass. */
  final void checkPassed(String role) {
    if (!role.isEmpty() && denied.contains(PASS_ROLE)) {
      throw denied(PASS_ROLE, role);
    }
  }

  private ApiException denied(String action, String resource) {
    return new ApiException(
        service.equals("lambda") ? 403 : 400,
        "AccessDeniedException",
        "User: arn:aws:iam::"
            + account
            + ":user/test is not authorized to perform: "
            + action
            + " on resource: "
            + resource
            + " because no identity-based policy allows the "
            + action
            + " action");
  }

  final void handle(Exchange exchange) {
    try {
      signatures.check(exchange);
      String name = operation(exchange).orElse("unknown");
      AwsShapes.Operation operation =
          shapes
              .operation(name)
              .orElseThrow(
                  () -> new ApiException("UnknownOperationException", "no operation " + name));
      if (denied.contains(service + ":" + name)) {
        throw denied(service + ":" + name, "*");
      }
      String body = new String(exchange.body, StandardCharsets.UTF_8);
      Map<?, ?> request = body.isEmpty() ? Map.of() : (Map<?, ?>) Json.parse(body);
      shapes.check(operation, request);
      Map<String, String> path =
          operation.match(exchange.method(), exchange.path()).orElse(Map.of());
      Map<String, Object> answer;
      synchronized (this) {
        answer = answer(name, path, request, exchange);
      }
      exchange.answer(
          status(name), mediaType(), Json.canonical(answer).getBytes(StandardCharsets.UTF_8));
    } catch (ApiException e) {
      e.answer(exchange);
    } catch (IllegalArgumentException | ClassCastException e) {
      ApiException.answer(exchange, "SerializationException", String.valueOf(e.getMessage()));
    }
  }

  /** A text in a request, or empty if it is missing. */
  static String text(Map<?, ?> request, String key) {
    return request.get(key) instanceof String text ? text : "";
  }
}
