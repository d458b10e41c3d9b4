package dev.imagespec.runtime.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Digest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Says in a person's words what a registry answered, by the error codes of the OCI distribution
 * specification.
 */
final class Errors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 400;

  private Errors() {}

  /**
   * An error that a registry answered with.
   *
   * @param code the specification's code, or empty
   * @param message the registry's own words, without control characters
   */
  record Answer(int status, String code, String message) {
    boolean isExpired() {
      return message.contains("token has expired");
    }

    boolean isImmutable() {
      return code.equals("TAG_INVALID") && message.contains("immutable");
    }

    boolean isMissingBlob() {
      return code.equals("BLOB_UNKNOWN") || code.equals("MANIFEST_BLOB_UNKNOWN");
    }
  }

  static Answer read(Reply reply) throws IOException {
    String text = reply.errorText();
    String code = "";
    String message = text;
    try {
      JsonNode first = JSON.readTree(text).path("errors").path(0);
      code = first.path("code").asText();
      message = first.path("message").asText();
    } catch (IOException e) {
      // Not every error is JSON; its text is the message then.
    }
    return new Answer(reply.status(), code, clean(message));
  }

  /** The failure that an answer comes to. */
  static ImageSpecException failure(Answer answer, RemoteRepository repository, boolean sent) {
    String said = answer.message().isEmpty() ? "" : " The registry says: " + answer.message();
    String registry = repository.registry();
    if (answer.isExpired()) {
      return new ImageSpecException(
          FailureCode.TOKEN_EXPIRED,
          "The token for " + registry + " has expired and a fresh one is refused, too." + said);
    }
    if (answer.status() == 401) {
      return new ImageSpecException(
          FailureCode.UNAUTHORIZED,
          registry
              + (sent ? " refuses the credential for " : " wants a credential for ")
              + repository.name()
              + ". Log in with `docker login "
              + registry
              + "`; Amazon ECR takes the AWS credentials."
              + said);
    }
    if (answer.status() == 403) {
      return new ImageSpecException(
          FailureCode.DENIED, "Permission denied on " + repository + "." + said);
    }
    if (answer.isImmutable()) {
      return new ImageSpecException(
          FailureCode.TAG_IMMUTABLE, "A tag of " + repository + " exists and is immutable." + said);
    }
    if (answer.status() == 404 && answer.code().equals("NAME_UNKNOWN")) {
      return new ImageSpecException(
          FailureCode.REPOSITORY_NOT_FOUND,
          "The repository " + repository + " does not exist." + said);
    }
    return new ImageSpecException(
        FailureCode.PROTOCOL,
        repository
            + " answers with status "
            + answer.status()
            + (answer.code().isEmpty() ? "" : " " + answer.code())
            + "."
            + said);
  }

  static boolean isRetryable(int status) {
    return status == 408
        || status == 429
        || status == 500
        || status == 502
        || status == 503
        || status == 504;
  }

  /** An answer that may be another one the next time. */
  static RetryableException retryable(Reply reply, String where) throws IOException {
    Answer answer = read(reply);
    boolean throttled = reply.status() == 429;
    return new RetryableException(
        new ImageSpecException(
            throttled ? FailureCode.THROTTLED : FailureCode.UNREACHABLE,
            where
                + (throttled
                    ? " asks to slow down, and kept asking. Register again later."
                    : " keeps answering with status " + reply.status() + ". Register again later.")
                + (answer.message().isEmpty() ? "" : " It says: " + answer.message())),
        reply.header("Retry-After").flatMap(Errors::retryAfter));
  }

  /** Bytes that are not what their digest says; another try may bring the right ones. */
  static RetryableException mismatch(RemoteRepository repository, Digest expected, Digest actual) {
    return new RetryableException(
        new ImageSpecException(
            FailureCode.DIGEST_MISMATCH,
            repository
                + " gives bytes with the digest "
                + actual
                + " for "
                + expected
                + ", each time. They were not used; the registry, or what stands before it, is broken."),
        Optional.empty());
  }

  /** Seconds, or a date (RFC 9110, section 10.2.3); nothing for the past or nonsense. */
  static Optional<Duration> retryAfter(String text) {
    Optional<Duration> wait =
        text.strip().matches("[0-9]{1,9}")
            ? Optional.of(Duration.ofSeconds(Long.parseLong(text.strip())))
            : date(text).map(when -> Duration.between(Instant.now(), when));
    return wait.filter(time -> !time.isNegative() && !time.isZero());
  }

  /** A date in a header (RFC 9110, section 5.6.7); nothing for nonsense. */
  static Optional<Instant> date(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String clean(String text) {
    String printable = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return printable.length() > LONGEST ? printable.substring(0, LONGEST) + "…" : printable;
  }
}
