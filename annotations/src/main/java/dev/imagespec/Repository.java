package dev.imagespec;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How a repository of Amazon ECR is created where it does not exist yet. */
@Documented
@Target({})
@Retention(RetentionPolicy.CLASS)
public @interface Repository {
  /** Whether a tag may be moved to another image. Tags are immutable unless this says otherwise. */
  boolean mutableTags() default false;

  /** Whether ECR scans every image when it is pushed. */
  boolean scanOnPush() default false;

  /** The ARN of the KMS key to encrypt with; unset: ECR's own encryption. */
  String kmsKey() default "";

  /** ARNs or account ids of principals of other accounts that may pull. */
  String[] pullPrincipals() default {};

  /** Days after which an image that was pushed by a registration expires; 0 for never. */
  int expireAfterDays() default 0;
}
