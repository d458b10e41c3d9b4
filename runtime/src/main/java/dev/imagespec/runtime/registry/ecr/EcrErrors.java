package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
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

/** Explains in plain words what Amazon ECR's API rejected, or why it was not reached. */
final class EcrErrors {
  private static final Pattern ACTION =
      Pattern.compile("not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)");
  private static final Pattern ROLE = Pattern.compile("on resource: (arn:[A-Za-z0-9:/+=,.@_-]+)");

  /**
   * The only part of a rejected signature's message that is shown: the rest contains what was
   * signed.
   */
  private static final Pattern SKEW =
      Pattern.compile("Signature (?:expired|not yet current): \\w+ is (?:now )?\\w+ than \\w+");

  private EcrErrors() {}

  /**
   * The failure for an exception of the SDK. Without that exception as its cause: it may contain
   * what was sent.
   *
   * @param action the IAM action that was used, for example {@code ecr:BatchGetImage}
   * @param host the registry
   * @param repository the repository, if there is one
   */
  static ImageSpecException of(
      SdkException e, String action, Registry host, Optional<Repository> repository) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ImageSpecException known) {
        return known;
      }
    }
    String where = repository.map(Repository::toString).orElse(host.toString());
    if (e instanceof AwsServiceException service) {
      return ofService(service, action, where, repository);
    }
    String message = String.valueOf(e.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    Optional<String> unreachable = unreachable(e);
    if (unreachable.isPresent()) {
      return failure(
          FailureCode.UNREACHABLE,
          "The API of Amazon ECR for "
              + where
              + " cannot be reached: "
              + unreachable.get()
              + ". Check the network, the proxy, and AWS_ENDPOINT_URL_ECR where it is set.");
    }
    if (lower.contains("expired")) {
      return expired(where);
    }
    if (lower.contains("credentials") || lower.contains("profile") || lower.contains("sso ")) {
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
          "The region of " + where + " is not known; set AWS_REGION or imagespec.ecr.region.");
    }
    return failure(
        FailureCode.PROTOCOL,
        "The API of Amazon ECR for "
            + where
            + " does not answer as it should: "
            + e.getClass().getSimpleName()
            + ". Check that AWS_ENDPOINT_URL_ECR, where it is set, is an API of Amazon ECR.");
  }

  private static ImageSpecException ofService(
      AwsServiceException e, String action, String where, Optional<Repository> repository) {
    String code =
        e.awsErrorDetails() == null ? "" : String.valueOf(e.awsErrorDetails().errorCode());
    String said =
        e.awsErrorDetails() == null ? "" : String.valueOf(e.awsErrorDetails().errorMessage());
    return switch (code.replaceFirst("Exception$", "")) {
      case "ExpiredToken" -> expired(where);
      case "RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture" -> skewed(where, said);
      case "InvalidSignature", "SignatureDoesNotMatch", "IncompleteSignature" ->
          signature(where, said);
      case "UnrecognizedClient", "InvalidClientTokenId", "InvalidAccessKeyId", "AuthFailure" ->
          failure(
              FailureCode.UNAUTHORIZED,
              "Amazon ECR does not know the AWS credentials for "
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
              "Amazon ECR asks to slow down with "
                  + action
                  + " on "
                  + where
                  + ", and kept asking. Register again later, or raise the account's quota.");
      case "RepositoryNotFound" ->
          failure(
              FailureCode.REPOSITORY_NOT_FOUND,
              "The repository " + where + " does not exist. Amazon ECR says: " + said);
      case "RegistryNotFound" ->
          failure(
              FailureCode.REPOSITORY_NOT_FOUND,
              "The account has no registry at " + where + ". Amazon ECR says: " + said);
      case "LimitExceeded", "TooManyTags" ->
          failure(
              FailureCode.QUOTA_EXCEEDED,
              "A quota of Amazon ECR is used up with "
                  + action
                  + " on "
                  + where
                  + ". Delete what is not needed, or raise it in AWS Service Quotas. Amazon ECR says: "
                  + said);
      case "Kms" ->
          failure(
              FailureCode.DENIED,
              "Amazon ECR cannot use the KMS key for "
                  + where
                  + ". Check that the key exists in the repository's region, is enabled, and that its"
                  + " policy gives the AWS identity in use kms:CreateGrant and kms:DescribeKey. Amazon"
                  + " ECR says: "
                  + said);
      case "ImageArchived" ->
          failure(
              FailureCode.IMAGE_ARCHIVED,
              "The image is in the archive of " + where + ". Amazon ECR says: " + said);
      case "ImageTagAlreadyExists" ->
          failure(
              FailureCode.TAG_IMMUTABLE, "A tag of " + where + " is immutable. It says: " + said);
      case "UnsupportedImageType" ->
          failure(
              FailureCode.UNSUPPORTED_MEDIA_TYPE,
              "Amazon ECR does not take this media type in " + where + ". It says: " + said);
      default -> {
        if (code.contains("AccessDenied")
            || code.startsWith("BlockedByOrganizationPolicy")
            || e.statusCode() == 403) {
          yield denied(action, where, repository, said);
        }
        if (e.statusCode() >= 500) {
          yield failure(
              FailureCode.UNREACHABLE,
              "The API of Amazon ECR for "
                  + where
                  + " keeps answering with status "
                  + e.statusCode()
                  + ". Register again later.");
        }
        yield failure(
            FailureCode.PROTOCOL,
            "Amazon ECR answers " + action + " on " + where + " with " + code + ": " + said);
      }
    };
  }

  private static ImageSpecException denied(
      String action, String where, Optional<Repository> repository, String said) {
    Matcher named = ACTION.matcher(said);
    String lacking = named.find() ? named.group(1) : action;
    String remedy;
    if (lacking.startsWith("sts:") && !lacking.equals("sts:GetServiceBearerToken")) {
      Matcher role = ROLE.matcher(said);
      remedy =
          " Attach this policy: "
              + IamPolicy.allowing(List.of(lacking), role.find() ? role.group(1) : "*")
              + " The role's trust policy has to name the identity, and the external id"
              + " (imagespec.ecr.external-id) where it wants one.";
    } else if (lacking.endsWith("GetAuthorizationToken") || lacking.startsWith("sts:")) {
      // A token is for all repositories, so the policy cannot name a resource.
      remedy =
          " Attach this policy: "
              + IamPolicy.allowing(
                  lacking.startsWith("ecr:")
                      ? List.of(lacking)
                      : List.of("ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"),
                  "*");
    } else {
      remedy =
          repository
              .map(known -> IamPolicy.remedy(together(lacking), known, said))
              .orElseGet(() -> " Attach this policy: " + IamPolicy.allowing(List.of(lacking), "*"));
    }
    return failure(
        FailureCode.DENIED,
        "The AWS identity in use lacks "
            + lacking
            + " on "
            + where
            + ". Amazon ECR says: "
            + said
            + remedy);
  }

  /**
   * Actions that are needed together, so that the next denial is not about the missing other half.
   */
  private static List<String> together(String action) {
    return switch (action) {
      case "ecr:CreateRepository", "ecr:TagResource" ->
          List.of("ecr:CreateRepository", "ecr:TagResource");
      case "ecr-public:CreateRepository", "ecr-public:TagResource" ->
          List.of("ecr-public:CreateRepository", "ecr-public:TagResource");
      case "ecr:GetRepositoryPolicy", "ecr:SetRepositoryPolicy" ->
          List.of("ecr:GetRepositoryPolicy", "ecr:SetRepositoryPolicy");
      case "ecr:GetLifecyclePolicy", "ecr:PutLifecyclePolicy" ->
          List.of("ecr:GetLifecyclePolicy", "ecr:PutLifecyclePolicy");
      default -> List.of(action);
    };
  }

  private static ImageSpecException expired(String where) {
    return failure(
        FailureCode.TOKEN_EXPIRED,
        "The AWS credentials for " + where + " have expired; sign in again (`aws sso login`).");
  }

  private static ImageSpecException signature(String where, String said) {
    if (said.contains("Signature expired") || said.contains("Signature not yet current")) {
      return skewed(where, said);
    }
    if (said.contains("scoped to")) {
      return failure(
          FailureCode.WRONG_REGION,
          "The API that was asked for "
              + where
              + " is another region's than the registry's. Check AWS_ENDPOINT_URL_ECR, and for an"
              + " emulator imagespec.ecr.region.");
    }
    return failure(
        FailureCode.UNAUTHORIZED,
        "Amazon ECR refuses the signature for " + where + "; check the secret access key.");
  }

  private static ImageSpecException skewed(String where, String said) {
    Matcher times = SKEW.matcher(said);
    return failure(
        FailureCode.CLOCK_SKEW,
        "This machine's clock is too far off for "
            + where
            + ". Set it (`timedatectl`), and register again."
            + (times.find() ? " Amazon ECR says: " + times.group() + "." : ""));
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
