package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.EcrHost;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.RemoteRepository;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Says in a person's words what the API of Amazon ECR, or the way to it, refused. */
final class EcrErrors {
  private EcrErrors() {}

  /**
   * The failure for an exception of the SDK. The SDK's own exception is not its cause: it may show
   * what was sent.
   *
   * @param action the IAM action that was used, for example {@code ecr:BatchGetImage}
   * @param host the registry
   * @param repository the repository, where there is one
   */
  static ImageSpecException of(
      SdkException e, String action, String host, Optional<RemoteRepository> repository) {
    String where = repository.map(RemoteRepository::toString).orElse(host);
    if (e instanceof AwsServiceException service) {
      return ofService(service, action, host, where, repository);
    }
    String message = String.valueOf(e.getMessage());
    if (message.contains("credentials")) {
      return new ImageSpecException(
          FailureCode.UNAUTHORIZED,
          "There are no AWS credentials for "
              + where
              + ". Sign in (`aws sso login`), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and"
              + " AWS_SECRET_ACCESS_KEY.");
    }
    if (message.contains("region")) {
      return new ImageSpecException(
          FailureCode.INVALID_SETTING,
          "The region of " + where + " is not known; set AWS_REGION or imagespec.ecr.region.");
    }
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new ImageSpecException(
        FailureCode.UNREACHABLE,
        "The API of Amazon ECR for "
            + where
            + " cannot be reached: "
            + cause.getClass().getSimpleName()
            + (cause.getMessage() == null ? "" : ", " + cause.getMessage())
            + ". Check the network, the proxy, and AWS_ENDPOINT_URL_ECR where it is set.");
  }

  private static ImageSpecException ofService(
      AwsServiceException e,
      String action,
      String host,
      String where,
      Optional<RemoteRepository> repository) {
    String code =
        e.awsErrorDetails() == null ? "" : String.valueOf(e.awsErrorDetails().errorCode());
    String said =
        e.awsErrorDetails() == null ? "" : String.valueOf(e.awsErrorDetails().errorMessage());
    if (code.contains("AccessDenied") || e.statusCode() == 403) {
      if (code.contains("ExpiredToken")) {
        return new ImageSpecException(
            FailureCode.TOKEN_EXPIRED,
            "The AWS credentials for " + where + " have expired; sign in again (`aws sso login`).");
      }
      return new ImageSpecException(
          FailureCode.DENIED,
          "The AWS identity in use lacks "
              + action
              + " on "
              + where
              + ". Amazon ECR says: "
              + said
              + " Attach this policy: "
              + policy(action, host, repository));
    }
    return switch (code) {
      case "ExpiredTokenException", "ExpiredToken", "RequestExpired" ->
          new ImageSpecException(
              FailureCode.TOKEN_EXPIRED,
              "The AWS credentials for "
                  + where
                  + " have expired; sign in again (`aws sso login`).");
      case "UnrecognizedClientException", "InvalidClientTokenId" ->
          new ImageSpecException(
              FailureCode.UNAUTHORIZED,
              "Amazon ECR does not know the AWS credentials for "
                  + where
                  + "; check AWS_PROFILE and the access key.");
      case "InvalidSignatureException", "SignatureDoesNotMatch" ->
          new ImageSpecException(
              FailureCode.UNAUTHORIZED,
              "Amazon ECR refuses the signature for "
                  + where
                  + "; check this machine's clock, then the secret access key.");
      case "ThrottlingException", "TooManyRequestsException", "Throttling" ->
          new ImageSpecException(
              FailureCode.THROTTLED,
              "Amazon ECR asks to slow down with "
                  + action
                  + " on "
                  + where
                  + ", and kept asking. Register again later, or raise the account's quota.");
      default ->
          new ImageSpecException(
              FailureCode.PROTOCOL,
              "Amazon ECR answers " + action + " on " + where + " with " + code + ": " + said);
    };
  }

  /** The smallest policy that allows an action on a repository, in its own partition. */
  static String policy(String action, String host, Optional<RemoteRepository> repository) {
    String resource = "*";
    Optional<EcrHost> ecr = EcrHost.parse(host.replaceFirst(":[0-9]+$", ""));
    if (ecr.isPresent() && repository.isPresent()) {
      resource =
          "arn:"
              + partition(ecr.get())
              + ":ecr:"
              + ecr.get().region()
              + ":"
              + ecr.get().account()
              + ":repository/"
              + repository.get().name();
    }
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\""
        + action
        + "\",\"Resource\":\""
        + resource
        + "\"}]}";
  }

  static String partition(EcrHost host) {
    return switch (host.partition()) {
      case AWS -> "aws";
      case CHINA -> "aws-cn";
      default ->
          "aws-"
              + host.partition()
                  .name()
                  .toLowerCase(Locale.ROOT)
                  .replace("iso_", "iso-")
                  .replace('_', '-');
    };
  }
}
