package dev.imagespec.registrar.aws;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.aws.AwsErrors;
import dev.imagespec.runtime.aws.IamPolicy;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What only these services answer, in plain words. */
final class ServiceErrors implements AwsErrors.Own {
  private final Service service;

  ServiceErrors(Service service) {
    this.service = service;
  }

  /**
   * Whether the service does not know a role, or may not use it. One that was made just before is
   * not known everywhere at once.
   */
  static boolean isRole(SdkException e) {
    String said = said(e);
    return said.contains("Role is not valid")
        || said.contains("role defined for the function cannot be assumed");
  }

  /** Whether Lambda itself lacks a permission, not who asks it. */
  private static boolean isPull(String said) {
    return said.contains("permission to access the ECR image");
  }

  /** What the service said; empty if it said nothing. */
  static String said(SdkException e) {
    return e instanceof AwsServiceException answer && answer.awsErrorDetails() != null
        ? String.valueOf(answer.awsErrorDetails().errorMessage())
        : "";
  }

  @Override
  public Optional<ImageSpecException> failure(AwsErrors.Answer answer) {
    String said = answer.said();
    if (isPull(said)) {
      return Optional.of(invalid(answer));
    }
    return switch (answer.code()) {
      case "Client", "InvalidParameter", "InvalidParameterValue", "Validation" ->
          Optional.of(invalid(answer));
      case "ResourceConflict" ->
          failed(
              answer,
              "somebody else changes "
                  + answer.where()
                  + " at the same time. Register again when that is done.");
      case "PreconditionFailed" ->
          failed(
              answer,
              answer.where() + " was changed by somebody else at the same time. Register again.");
      case "CodeStorageExceeded" ->
          Optional.of(
              new ImageSpecException(
                  FailureCode.QUOTA_EXCEEDED,
                  service.title()
                      + " has no room for another version of "
                      + answer.where()
                      + ". Delete old versions, or raise the quota in AWS Service Quotas. It says: "
                      + said));
      default ->
          answer.code().startsWith("KMS")
              ? Optional.of(
                  new ImageSpecException(
                      FailureCode.DENIED,
                      service.title()
                          + " cannot use the KMS key of "
                          + answer.where()
                          + ". Check that the key is enabled, and that its policy lets the AWS"
                          + " identity in use and the function's role use it. It says: "
                          + said))
              : Optional.empty();
    };
  }

  private Optional<ImageSpecException> failed(AwsErrors.Answer answer, String what) {
    return Optional.of(
        new ImageSpecException(
            FailureCode.REGISTRAR,
            service.title()
                + " refuses "
                + answer.action()
                + ": "
                + what
                + " It says: "
                + answer.said()));
  }

  private ImageSpecException invalid(AwsErrors.Answer answer) {
    String said = answer.said();
    String advice;
    if (said.contains("Role is not valid")) {
      advice =
          " Check that executionRoleArn and taskRoleArn name roles of this account that"
              + " ecs-tasks.amazonaws.com may assume (`aws iam get-role`).";
    } else if (said.contains("role defined for the function cannot be assumed")) {
      advice =
          " Check that Role names a role of this account, and that its trust policy lets"
              + " lambda.amazonaws.com assume it (`aws iam get-role`).";
    } else if (isPull(said)) {
      advice =
          " The repository's policy must let lambda.amazonaws.com do ecr:BatchGetImage and"
              + " ecr:GetDownloadUrlForLayer. Lambda adds that itself if the AWS identity in use has"
              + " ecr:GetRepositoryPolicy and ecr:SetRepositoryPolicy.";
    } else {
      advice = " Correct the file, and register again.";
    }
    return new ImageSpecException(
        FailureCode.REGISTRAR,
        service.title() + " does not take " + answer.where() + ": " + said + advice);
  }

  @Override
  public String remedy(String lacking, AwsErrors.Answer answer) {
    return IamPolicy.remedy(together(lacking), answer.resource(), answer.said());
  }

  /**
   * Actions that are needed together, so that the next denial is not about the missing other half.
   */
  private List<String> together(String lacking) {
    return service.writes().contains(lacking) ? service.writes() : List.of(lacking);
  }
}
