package dev.imagespec.testkit;

import dev.imagespec.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An error of an AWS API that speaks JSON. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int BAD_REQUEST = 400;
  private final int status;
  private final String type;

  ApiException(String type, String message) {
    this(BAD_REQUEST, type, message);
  }

  ApiException(int status, String type, String message) {
    super(message);
    this.status = status;
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
    answer(exchange, status, type, String.valueOf(getMessage()));
  }

  static void answer(Exchange exchange, String type, String message) {
    answer(exchange, BAD_REQUEST, type, message);
  }

  private static void answer(Exchange exchange, int status, String type, String message) {
    exchange
        .answer(
            status,
            "application/x-amz-json-1.1",
            Json.canonical(Map.of("__type", type, "message", message))
                .getBytes(StandardCharsets.UTF_8))
        .with("x-amzn-ErrorType", type);
  }
}
