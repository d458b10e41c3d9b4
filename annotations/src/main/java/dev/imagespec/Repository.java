package dev.imagespec;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The settings of a repository in Amazon ECR. Registration creates a missing repository with them.
 * In an existing repository it sets the policies, and warns about other differences. Other
 * registries, including Amazon ECR Public, support only {@link #mutableTags}.
 */
@Documented
@Target({})
@Retention(RetentionPolicy.CLASS)
public @interface Repository {
  /** Whether a tag may be moved to another image. By default tags are immutable. */
  boolean mutableTags() default false;

  /** Whether ECR scans each image when it is pushed. This is the setting of the repository. */
  boolean scanOnPush() default false;

  /**
   * The ARN of the KMS key to encrypt with. It cannot be changed later. By default ECR uses its own
   * encryption.
   */
  String kmsKey() default "";

  /**
   * ARNs or account ids of principals in other accounts that may pull. Registration writes them to
   * the statement {@code ImageSpecPull} of the repository policy, and keeps all other statements.
   */
  String[] pullPrincipals() default {};

  /**
   * Days after which an image that a registration pushed expires, even if tasks still run in it; 0
   * for never. Registration writes two rules to the lifecycle policy, and keeps all other rules.
   */
  int expireAfterDays() default 0;
}
