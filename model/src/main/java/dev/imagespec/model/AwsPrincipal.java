package dev.imagespec.model;

import java.util.regex.Pattern;

/** Who may pull from a repository of Amazon ECR, by the names that IAM has for them. */
public final class AwsPrincipal {
  private static final Pattern FORM =
      Pattern.compile("[0-9]{12}|arn:aws[a-z-]*:(?:iam|sts)::[0-9]{12}:[A-Za-z0-9+=,.@_/-]+");

  private AwsPrincipal() {}

  /**
   * Whether a text is an account's 12 digits, or the ARN of a user, a role or an account's root.
   */
  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }
}
