package dev.imagespec.runtime.aws;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An AWS IAM role to assume. */
public final class AssumedRole {
  private final String arn;
  private final @Nullable String externalId;

  private AssumedRole(String arn, @Nullable String externalId) {
    this.arn = arn;
    this.externalId = externalId;
  }

  /**
   * A role.
   *
   * @param arn its ARN
   * @param externalId the external id that the role's trust policy requires, or null
   */
  public static AssumedRole of(String arn, @Nullable String externalId) {
    return new AssumedRole(arn, externalId);
  }

  String arn() {
    return arn;
  }

  Optional<String> externalId() {
    return Optional.ofNullable(externalId);
  }
}
