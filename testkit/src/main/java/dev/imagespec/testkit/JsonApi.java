package dev.imagespec.testkit;

import dev.imagespec.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/**
 * What APIs of AWS that speak JSON 1.1 have in common: an operation is chosen by {@code
 * X-Amz-Target}, a request is signed, and who asks may be denied an action.
 */
final class JsonApi {
  private static final String CONTENT_TYPE = "application/x-amz-json-1.1";

  private final String target;
  private final String account;
  private final Signatures signatures;
  private final ImageStore store;
  private final BiFunction<String, Map<?, ?>, Map<String, Object>> operations;
  private final Set<String> denied = ConcurrentHashMap.newKeySet();

  /**
   * An API.
   *
   * @param target what stands before the operation in {@code X-Amz-Target}
   * @param store what the operations work on, one at a time
   * @param operations answers an operation's request, or throws an {@link ApiException}
   */
  JsonApi(
      String target,
      String account,
      Signatures signatures,
      ImageStore store,
      BiFunction<String, Map<?, ?>, Map<String, Object>> operations) {
    this.target = target;
    this.account = account;
    this.signatures = signatures;
    this.store = store;
    this.operations = operations;
  }

  /** Takes away the permission for an action, for example {@code ecr:CreateRepository}. */
  void deny(String action) {
    denied.add(action);
  }

  boolean isDenied(String action) {
    return denied.contains(action);
  }

  /** The operation that a request is for. */
  String name(Exchange exchange) {
    String header = exchange.header("X-Amz-Target");
    return header != null && header.startsWith(target)
        ? header.substring(target.length())
        : "unknown";
  }

  void handle(Exchange exchange) {
    try {
      signatures.check(exchange);
      String operation = name(exchange);
      String action = signatures.service() + ":" + operation;
      if (isDenied(action)) {
        throw new ApiException(
            "AccessDeniedException",
            "User: arn:aws:iam::"
                + account
                + ":user/test is not authorized to perform: "
                + action
                + " on resource: *");
      }
      Map<?, ?> request = (Map<?, ?>) Json.parse(new String(exchange.body, StandardCharsets.UTF_8));
      Map<String, Object> answer;
      synchronized (store) {
        answer = operations.apply(operation, request);
      }
      exchange.answer(200, CONTENT_TYPE, Json.canonical(answer).getBytes(StandardCharsets.UTF_8));
    } catch (ApiException e) {
      e.answer(exchange);
    } catch (IllegalArgumentException | ClassCastException e) {
      ApiException.answer(exchange, "SerializationException", String.valueOf(e.getMessage()));
    }
  }

  /** A text in a request; empty for none. */
  static String text(Map<?, ?> request, String key) {
    return request.get(key) instanceof String text ? text : "";
  }
}
