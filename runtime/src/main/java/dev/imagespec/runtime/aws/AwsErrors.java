package dev.imagespec.runtime.aws;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Explains in plain words what a service's API rejected, or why it was not reached. */
public final class AwsErrors {
  private static final Pattern ACTION =
      Pattern.compile("not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)");
  private static final Pattern RESOURCE =
      Pattern.compile("on resource: (arn:[A-Za-z0-9:/+=,.@_-]+)");

  /**
   * The only part of a rejected signature's message that is shown: the rest contains what was
   * signed.
   */
  private static final Pattern SKEW =
      Pattern.compile("Signature (?:expired|not yet current): \\w+ is (?:now )?\\w+ than \\w+");

  private final Wording words;
  private final Own own;

  /**
   * The errors of a service.
   *
   * @param own what only this service answers
   */
  public AwsErrors(Wording words, Own own) {
    this.words = words;
    this.own = own;
  }

  /**
   * What the service and its settings are called.
   *
   * @param service the service, such as {@code Amazon ECR}
   * @param endpoint the environment variable that has its address
   * @param settings the start of the names of the settings {@code region} and {@code external-id}
   */
  public record Wording(String service, String endpoint, String settings) {}

  /**
   * A refusal.
   *
   * @param action the IAM action that was used, for example {@code ecr:BatchGetImage}
   * @param where what it was used on
   * @param code the code of the error, without the word "Exception" at its end
   * @param said the message of the service
   */
  public record Answer(String action, String where, String code, String said) {
    /** The ARN that the message of a denial names; {@code *} if it names none. */
    public String resource() {
      Matcher named = RESOURCE.matcher(said);
      return named.find() ? named.group(1) : "*";
    }
  }

  /** What only one service answers. */
  public interface Own {
    /** The failure for an error that only this service knows, or knows more about. */
    Optional<ImageSpecException> failure(Answer answer);

    /**
     * What to do about a permission that is missing.
     *
     * @param lacking the IAM action
     */
    String remedy(String lacking, Answer answer);
  }

  /**
   * The failure for an exception of the SDK. Without that exception as its cause: it may contain
   * what was sent.
   *
   * @param action the IAM action that was used, for example {@code ecr:BatchGetImage}
   * @param where what it was used on
   */
  public ImageSpecException of(SdkException e, String action, String where) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ImageSpecException known) {
        return known;
      }
    }
    if (e instanceof AwsServiceException service) {
      String code =
          service.awsErrorDetails() == null
              ? ""
              : String.valueOf(service.awsErrorDetails().errorCode());
      String said =
          service.awsErrorDetails() == null
              ? ""
              : String.valueOf(service.awsErrorDetails().errorMessage());
      return ofService(
          service.statusCode(),
          code,
          new Answer(action, where, code.replaceFirst("Exception$", ""), said));
    }
    String message = String.valueOf(e.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    Optional<String> unreachable = unreachable(e);
    if (unreachable.isPresent()) {
      return failure(
          FailureCode.UNREACHABLE,
          "The API of "
              + words.service()
              + " for "
              + where
              + " cannot be reached: "
              + unreachable.get()
              + ". Check the network, the proxy, and "
              + words.endpoint()
              + " where it is set.");
    }
    if (lower.contains("expired")) {
      return expired(where);
    }
    // It goes on with whom it asked for the region: the profile, the machine's identity.
    boolean isRegion = lower.startsWith("unable to load region");
    if (!isRegion
        && (lower.contains("credentials") || lower.contains("profile") || lower.contains("sso "))) {
      return failure(
          FailureCode.UNAUTHORIZED,
          "There are no AWS credentials for "
              + where
              + ". Sign in (`aws sso login`), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and"
              + " AWS_SECRET_ACCESS_KEY.");
    }
    if (lower.contains("region")) {
      return failure(
          FailureCode.INVALID_SETTING,
          "The region of "
              + where
              + " is not known; set AWS_REGION or "
              + words.settings()
              + ".region.");
    }
    return failure(
        FailureCode.PROTOCOL,
        "The API of "
            + words.service()
            + " for "
            + where
            + " does not answer as it should: "
            + e.getClass().getSimpleName()
            + ". Check that "
            + words.endpoint()
            + ", where it is set, is an API of "
            + words.service()
            + ".");
  }

  private ImageSpecException ofService(int status, String code, Answer answer) {
    Optional<ImageSpecException> known = own.failure(answer);
    if (known.isPresent()) {
      return known.get();
    }
    String where = answer.where();
    return switch (answer.code()) {
      case "ExpiredToken" -> expired(where);
      case "RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture" -> skewed(answer);
      case "InvalidSignature", "SignatureDoesNotMatch", "IncompleteSignature" -> signature(answer);
      case "UnrecognizedClient", "InvalidClientTokenId", "InvalidAccessKeyId", "AuthFailure" ->
          failure(
              FailureCode.UNAUTHORIZED,
              words.service()
                  + " does not know the AWS credentials for "
                  + where
                  + "; check AWS_PROFILE and the access key, and that the account has switched the"
                  + " region on.");
      case "MissingAuthenticationToken" ->
          failure(
              FailureCode.UNAUTHORIZED,
              "The request for " + where + " came without a signature; check AWS_PROFILE.");
      case "Throttling", "TooManyRequests", "RequestLimitExceeded", "SlowDown" ->
          failure(
              FailureCode.THROTTLED,
              words.service()
                  + " asks to slow down with "
                  + answer.action()
                  + " on "
                  + where
                  + ", and kept asking. Register again later, or raise the account's quota.");
      case "LimitExceeded", "TooManyTags" ->
          failure(
              FailureCode.QUOTA_EXCEEDED,
              "A quota of "
                  + words.service()
                  + " is used up with "
                  + answer.action()
                  + " on "
                  + where
                  + ". Delete what is not needed, or raise it in AWS Service Quotas. "
                  + words.service()
                  + " says: "
                  + answer.said());
      default -> {
        if (code.contains("AccessDenied")
            || code.startsWith("BlockedByOrganizationPolicy")
            || status == 403) {
          yield denied(answer);
        }
        if (status >= 500) {
          yield failure(
              FailureCode.UNREACHABLE,
              "The API of "
                  + words.service()
                  + " for "
                  + where
                  + " keeps answering with status "
                  + status
                  + ". Register again later.");
        }
        yield failure(
            FailureCode.PROTOCOL,
            words.service()
                + " answers "
                + answer.action()
                + " on "
                + where
                + " with "
                + code
                + ": "
                + answer.said());
      }
    };
  }

  private ImageSpecException denied(Answer answer) {
    Matcher named = ACTION.matcher(answer.said());
    String lacking = named.find() ? named.group(1) : answer.action();
    String remedy =
        lacking.startsWith("sts:") && !lacking.equals("sts:GetServiceBearerToken")
            ? " Attach this policy: "
                + IamPolicy.allowing(List.of(lacking), answer.resource())
                + " The role's trust policy has to name the identity, and the external id ("
                + words.settings()
                + ".external-id) where it wants one."
            : own.remedy(lacking, answer);
    return failure(
        FailureCode.DENIED,
        "The AWS identity in use lacks "
            + lacking
            + " on "
            + answer.where()
            + ". "
            + words.service()
            + " says: "
            + answer.said()
            + remedy);
  }

  private static ImageSpecException expired(String where) {
    return failure(
        FailureCode.TOKEN_EXPIRED,
        "The AWS credentials for " + where + " have expired; sign in again (`aws sso login`).");
  }

  private ImageSpecException signature(Answer answer) {
    if (answer.said().contains("Signature expired")
        || answer.said().contains("Signature not yet current")) {
      return skewed(answer);
    }
    if (answer.said().contains("scoped to")) {
      return failure(
          FailureCode.WRONG_REGION,
          "The API that was asked for "
              + answer.where()
              + " is another region's. Check "
              + words.endpoint()
              + " and "
              + words.settings()
              + ".region.");
    }
    return failure(
        FailureCode.UNAUTHORIZED,
        words.service()
            + " refuses the signature for "
            + answer.where()
            + "; check the secret access key.");
  }

  private ImageSpecException skewed(Answer answer) {
    Matcher times = SKEW.matcher(answer.said());
    return failure(
        FailureCode.CLOCK_SKEW,
        "This machine's clock is too far off for "
            + answer.where()
            + ". Set it (`timedatectl`), and register again."
            + (times.find() ? " " + words.service() + " says: " + times.group() + "." : ""));
  }

  /** Why there was no answer; empty if the problem is another one. */
  private static Optional<String> unreachable(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return Optional.of("there is no host " + cause.getMessage());
      }
      if (cause instanceof SSLException) {
        return Optional.of("its certificate is not accepted, " + cause.getMessage());
      }
      if (cause instanceof java.io.IOException) {
        return Optional.of(cause.getClass().getSimpleName() + ", " + cause.getMessage());
      }
    }
    return Optional.empty();
  }

  private static ImageSpecException failure(FailureCode code, String message) {
    return new ImageSpecException(code, message);
  }
}
