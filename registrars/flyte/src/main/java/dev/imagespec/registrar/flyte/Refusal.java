package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * An error that Flyte answers with: that of the Connect protocol, which names its code, or that of
 * grpc-gateway, which has gRPC's number.
 *
 * @param code the code by its name, such as {@code not_found}
 * @param message what Flyte says; foreign text
 * @param api which interface writes errors so
 */
record Refusal(String code, String message, Api api) {
  /** The names of gRPC's codes. */
  private static final Map<Integer, String> CODES =
      Map.ofEntries(
          Map.entry(1, "canceled"),
          Map.entry(2, "unknown"),
          Map.entry(3, "invalid_argument"),
          Map.entry(4, "deadline_exceeded"),
          Map.entry(5, "not_found"),
          Map.entry(6, "already_exists"),
          Map.entry(7, "permission_denied"),
          Map.entry(8, "resource_exhausted"),
          Map.entry(9, "failed_precondition"),
          Map.entry(10, "aborted"),
          Map.entry(11, "out_of_range"),
          Map.entry(12, "unimplemented"),
          Map.entry(13, "internal"),
          Map.entry(14, "unavailable"),
          Map.entry(15, "data_loss"),
          Map.entry(16, "unauthenticated"));

  /** The error in an answer; empty if there is none of Flyte's. */
  static Optional<Refusal> of(JsonNode body) {
    JsonNode code = body.path("code");
    String message = body.path("message").asText(body.path("error").asText(""));
    if (code.isTextual() && CODES.containsValue(code.textValue())) {
      return Optional.of(new Refusal(code.textValue(), message, Api.FLYTE_2));
    }
    return code.isInt() && CODES.containsKey(code.intValue())
        ? Optional.of(
            new Refusal(CODES.getOrDefault(code.intValue(), "unknown"), message, Api.FLYTE_1))
        : Optional.empty();
  }

  boolean is(String named) {
    return code.equals(named);
  }
}
