package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.aws.AwsErrors;
import dev.imagespec.runtime.aws.IamPolicy;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;

/** Explains in plain words what Amazon ECR's API rejected, or why it was not reached. */
final class EcrErrors implements AwsErrors.Own {
  private static final AwsErrors.Wording WORDS =
      new AwsErrors.Wording("Amazon ECR", "AWS_ENDPOINT_URL_ECR", "imagespec.ecr");

  private final Optional<Repository> repository;

  private EcrErrors(Optional<Repository> repository) {
    this.repository = repository;
  }

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
    String where = repository.map(Repository::toString).orElse(host.toString());
    return new AwsErrors(WORDS, new EcrErrors(repository)).of(e, action, where);
  }

  @Override
  public Optional<ImageSpecException> failure(AwsErrors.Answer answer) {
    String where = answer.where();
    String said = answer.said();
    return switch (answer.code()) {
      case "RepositoryNotFound" ->
          failure(
              FailureCode.REPOSITORY_NOT_FOUND,
              "The repository " + where + " does not exist. Amazon ECR says: " + said);
      case "RegistryNotFound" ->
          failure(
              FailureCode.REPOSITORY_NOT_FOUND,
              "The account has no registry at " + where + ". Amazon ECR says: " + said);
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
      case "InvalidSignature", "SignatureDoesNotMatch", "IncompleteSignature" ->
          said.contains("scoped to")
              ? failure(
                  FailureCode.WRONG_REGION,
                  "The API that was asked for "
                      + where
                      + " is another region's than the registry's. Check AWS_ENDPOINT_URL_ECR, and"
                      + " for an emulator imagespec.ecr.region.")
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<ImageSpecException> failure(FailureCode code, String message) {
    return Optional.of(new ImageSpecException(code, message));
  }

  @Override
  public String remedy(String lacking, AwsErrors.Answer answer) {
    if (lacking.endsWith("GetAuthorizationToken") || lacking.startsWith("sts:")) {
      // A token is for all repositories, so the policy cannot name a resource.
      return " Attach this policy: "
          + IamPolicy.allowing(
              lacking.startsWith("ecr:")
                  ? List.of(lacking)
                  : List.of("ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"),
              "*");
    }
    return repository
        .map(known -> EcrPolicies.remedy(together(lacking), known, answer.said()))
        .orElseGet(() -> " Attach this policy: " + IamPolicy.allowing(List.of(lacking), "*"));
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
}
