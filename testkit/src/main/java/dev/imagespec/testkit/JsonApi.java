package dev.imagespec.testkit;

import dev.imagespec.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/**
 * The common part of AWS APIs that use JSON 1.1: {@code X-Amz-Target} selects the operation,
 * requests are signed, and actions can be denied.
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
   * @param target the text before the operation in {@code X-Amz-Target}
   * @param store the store that the operations use, one at a time
   * @param operations answers a request, or throws an {@link ApiException}
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

  /** Denies an action, for example {@code ecr:CreateRepository}. */
  void deny(String action) {
    denied.add(action);
  }

  boolean isDenied(String action) {
    return denied.contains(action);
  }

  /** The operation of a request. */
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

  /** A text in a request, or empty if it is missing. */
  static String text(Map<?, ?> request, String key) {
    return request.get(key) instanceof String text ? text : "";
  }
}
