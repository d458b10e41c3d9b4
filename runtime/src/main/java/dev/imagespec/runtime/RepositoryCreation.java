package dev.imagespec.runtime;

import java.util.Arrays;
import java.util.Locale;

/** What to do if a repository of Amazon ECR does not exist. */
public enum RepositoryCreation {
  /** Create it. */
  CREATE,
  /** Push to it; ECR then creates it from a repository creation template of the registry. */
  TEMPLATE,
  /** Fail. */
  NEVER;

  /**
   * Parses the value of a setting.
   *
   * @throws IllegalArgumentException if the text is not one of the values; the message lists them
   */
  static RepositoryCreation parse(String text) {
    return Arrays.stream(values())
        .filter(value -> value.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\"" + text + "\" is none of create, template and never"));
  }

  /** The value in settings. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
