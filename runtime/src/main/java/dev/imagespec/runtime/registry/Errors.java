package dev.imagespec.runtime.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says in a person's words what a registry answered, by the error codes of the OCI distribution
 * specification.
 */
final class Errors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 400;
  private static final Pattern DENIED =
      Pattern.compile("not authorized to perform: (ecr(?:-public)?:[A-Za-z]+)");

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

  /**
   * What was asked.
   *
   * @param path the path of its address
   */
  record Asked(Repository repository, String method, String path) {
    boolean isPublic() {
      return repository.registry().isEcrPublic();
    }

    boolean isEcr() {
      return isPublic() || repository.registry().ecr().isPresent();
    }
  }

  /** The failure that an answer comes to. */
  static ImageSpecException failure(Answer answer, Asked asked, boolean sent) {
    Repository repository = asked.repository();
    Registry registry = repository.registry();
    String said = said(answer);
    if (answer.isExpired()) {
      return new ImageSpecException(
          FailureCode.TOKEN_EXPIRED,
          "The token for " + registry + " has expired. Log in again." + said);
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
          FailureCode.DENIED,
          "Permission denied on " + repository + "." + said + policy(answer, asked));
    }
    if (answer.isImmutable()) {
      return new ImageSpecException(
          FailureCode.TAG_IMMUTABLE, "A tag of " + repository + " exists and is immutable." + said);
    }
    if (answer.status() == 404 && answer.code().equals("NAME_UNKNOWN")) {
      return new ImageSpecException(
          FailureCode.REPOSITORY_NOT_FOUND,
          "The repository " + repository + " does not exist. Create it, or check its name." + said);
    }
    if (answer.code().equals("UNSUPPORTED") || answer.status() == 415) {
      return new ImageSpecException(
          FailureCode.UNSUPPORTED_MEDIA_TYPE,
          repository
              + " does not take a manifest of this media type. Push to a registry that takes OCI"
              + " images."
              + said);
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

  /** The failure where what was refused had just been renewed. */
  static ImageSpecException refusedAgain(Answer answer, Asked asked) {
    if (!answer.isExpired()) {
      return failure(answer, asked, true);
    }
    // Amazon ECR says so of a token of another region, too.
    return new ImageSpecException(
        FailureCode.WRONG_REGION,
        asked.repository().registry()
            + " takes a token that was made just now for an expired one: it comes from another region."
            + " Check that AWS_ENDPOINT_URL_ECR, where it is set, is an end point of the registry's own"
            + " region, and imagespec.ecr.region the emulator's."
            + said(answer));
  }

  private static String said(Answer answer) {
    return answer.message().isEmpty() ? "" : " The registry says: " + answer.message();
  }

  /** The policy that allows what Amazon ECR denied; nothing for other registries. */
  private static String policy(Answer answer, Asked asked) {
    Optional<String> named =
        DENIED.matcher(answer.message()).results().map(found -> found.group(1)).findFirst();
    if (named.isEmpty() && !asked.isEcr()) {
      return "";
    }
    String action =
        named.orElseGet(() -> EcrAction.of(asked.method(), asked.path()).iam(asked.isPublic()));
    return IamPolicy.remedy(List.of(action), asked.repository(), answer.message());
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
  static RetryableException mismatch(Repository repository, Digest expected, Digest actual) {
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
