package dev.imagespec;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a repository of Amazon ECR is to be like. One that does not exist is created so; one that
 * does is given the policies, and what else differs is a warning. Other registries, Amazon ECR
 * Public among them, have none of this but {@link #mutableTags}.
 */
@Documented
@Target({})
@Retention(RetentionPolicy.CLASS)
public @interface Repository {
  /** Whether a tag may be moved to another image. Tags are immutable unless this says otherwise. */
  boolean mutableTags() default false;

  /** Whether ECR scans every image when it is pushed, by the repository's own setting. */
  boolean scanOnPush() default false;

  /** The ARN of the KMS key to encrypt with, for good; unset: ECR's own encryption. */
  String kmsKey() default "";

  /**
   * ARNs or account ids of principals of other accounts that may pull: one statement, {@code
   * ImageSpecPull}, of the repository's policy. The rest of the policy stays.
   */
  String[] pullPrincipals() default {};

  /**
   * Days after which an image that was pushed by a registration expires, also if tasks still run in
   * it; 0 for never. Two rules of the repository's lifecycle policy, whose other rules stay.
   */
  int expireAfterDays() default 0;
}
