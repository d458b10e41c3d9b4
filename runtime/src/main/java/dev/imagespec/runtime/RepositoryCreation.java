package dev.imagespec.runtime;

import java.util.Arrays;
import java.util.Locale;

/** What is done about a repository of Amazon ECR that does not exist. */
public enum RepositoryCreation {
  /** It is created. */
  CREATE,
  /** It is pushed to: a repository creation template of the registry has ECR create it. */
  TEMPLATE,
  /** It is an error. */
  NEVER;

  /**
   * Reads the form that settings have.
   *
   * @throws IllegalArgumentException if it is none; the message names them
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

  /** The form that settings have. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
