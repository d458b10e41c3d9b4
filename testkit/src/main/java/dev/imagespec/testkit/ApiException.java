package dev.imagespec.testkit;

import dev.imagespec.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An error of an AWS API that speaks JSON 1.1. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String type;

  ApiException(String type, String message) {
    super(message);
    this.type = type;
  }

  /** The account's registry has no repository with this name. */
  static ApiException noRepository(String name, String account) {
    return new ApiException(
        "RepositoryNotFoundException",
        "The repository with name '"
            + name
            + "' does not exist in the registry with id '"
            + account
            + "'");
  }

  /** Sends it as the response. */
  void answer(Exchange exchange) {
    answer(exchange, type, String.valueOf(getMessage()));
  }

  static void answer(Exchange exchange, String type, String message) {
    exchange
        .answer(
            400,
            "application/x-amz-json-1.1",
            Json.canonical(Map.of("__type", type, "message", message))
                .getBytes(StandardCharsets.UTF_8))
        .with("x-amzn-ErrorType", type);
  }
}
