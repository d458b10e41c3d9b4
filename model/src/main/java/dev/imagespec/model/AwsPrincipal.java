package dev.imagespec.model;

import java.util.regex.Pattern;

/** The IAM principals that may be allowed to pull from a repository in Amazon ECR. */
public final class AwsPrincipal {
  private static final Pattern FORM =
      Pattern.compile("[0-9]{12}|arn:aws[a-z-]*:(?:iam|sts)::[0-9]{12}:[A-Za-z0-9+=,.@_/-]+");

  private AwsPrincipal() {}

  /** Whether a text is a 12-digit account id, or the ARN of a user, a role or an account's root. */
  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }
}
