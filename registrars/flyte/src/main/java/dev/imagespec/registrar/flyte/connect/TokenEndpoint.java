package dev.imagespec.registrar.flyte.connect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Addresses;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Asks an authorization server, with forms as OAuth 2 has them (RFC 6749). */
final class TokenEndpoint {
  private static final int MAX_ANSWER = 1 << 18;

  /** The statuses of servers that do not give a token (RFC 6749, section 5.2). */
  private static final Set<Integer> REFUSALS = Set.of(400, 401, 403);

  /** Longer times are as good as for ever. */
  private static final double LONGEST_SECONDS = 30.0 * 24 * 60 * 60;

  private final Channel channel;
  private final LongSupplier nanoTime;

  TokenEndpoint(Channel channel, LongSupplier nanoTime) {
    this.channel = channel;
    this.nanoTime = nanoTime;
  }

  /**
   * An answer.
   *
   * @param error the error's code; empty if it is none
   */
  record Answered(URI from, JsonNode json, String error) {
    @Override
    public String toString() {
      return "Answered[" + error + "]";
    }
  }

  /**
   * Sends a form.
   *
   * @param form names and values; empty values are left out
   * @throws ImageSpecException with {@link FailureCode#PROTOCOL} if the answer is neither JSON nor
   *     a refusal
   */
  Answered ask(URI address, Map<String, String> form, Map<String, String> credential) {
    Map<String, String> headers = new TreeMap<>(credential);
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    headers.put("Accept", "application/json");
    String body =
        new TreeMap<>(form)
            .entrySet().stream()
                .filter(field -> !field.getValue().isEmpty())
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    Channel.Received received =
        channel.send("POST", address, headers, body.getBytes(StandardCharsets.UTF_8), MAX_ANSWER);
    String error = text(received.body(), "error");
    if (received.isSuccess() && received.body().isObject() && error.isEmpty()) {
      return new Answered(address, received.body(), "");
    }
    if (REFUSALS.contains(received.status()) || !error.isEmpty()) {
      String code = error.isEmpty() ? "status " + received.status() : error;
      return new Answered(address, received.body(), channel.redaction().quotable(code));
    }
    throw protocol(
        address,
        received.isRedirect()
            ? "redirects to another address. No secret was sent there."
            : "answers with status "
                + received.status()
                + " and "
                + received.described()
                + ". Is it a token endpoint?");
  }

  /**
   * The token in an answer.
   *
   * @param header the header that takes it
   * @param renewal what was used to get it; it stays good unless there is a new one
   */
  Token token(Answered answer, String header, String renewal) {
    String token = text(answer.json, "access_token");
    String next = text(answer.json, "refresh_token");
    channel.redaction().add(token);
    channel.redaction().add(next);
    String type = text(answer.json, "token_type");
    if (!Token.isToken(token) || !(type.isEmpty() || type.equalsIgnoreCase("Bearer"))) {
      throw protocol(answer.from, "answers without a bearer token.");
    }
    String kept = next.isEmpty() ? renewal : next;
    long seconds = seconds(answer.json, "expires_in");
    return seconds <= 0
        ? Token.untimed(token, kept, header)
        : Token.timed(token, kept, header, Duration.ofSeconds(seconds), nanoTime.getAsLong());
  }

  /**
   * The failure for an answer with an error.
   *
   * @param what what was asked for, and with what
   * @param next the next step
   */
  ImageSpecException refused(Answered answer, String what, String next) {
    String description = channel.redaction().quotable(text(answer.json, "error_description"));
    return new ImageSpecException(
        FailureCode.UNAUTHORIZED,
        host(answer.from)
            + " gives no token "
            + what
            + ": "
            + answer.error
            + (description.isEmpty() ? "" : " (" + description + ")")
            + ". "
            + next);
  }

  ImageSpecException protocol(URI address, String message) {
    return new ImageSpecException(FailureCode.PROTOCOL, host(address) + " " + message);
  }

  private String host(URI address) {
    return channel.redaction().quotable(Addresses.authority(address));
  }

  /** A text; empty if there is none. */
  static String text(JsonNode json, String name) {
    JsonNode value = json.path(name);
    return value.isTextual() ? value.asText() : "";
  }

  /** A number of seconds, which some servers write as a text; 0 if there is none. */
  static long seconds(JsonNode json, String name) {
    JsonNode value = json.path(name);
    double number = value.isNumber() || value.isTextual() ? value.asDouble(0) : 0;
    return (long) Math.max(0, Math.min(LONGEST_SECONDS, number));
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
