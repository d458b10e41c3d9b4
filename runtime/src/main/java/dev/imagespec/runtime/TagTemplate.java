package dev.imagespec.runtime;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A further tag of images. {@code {task}} in it stands for the simple name of the task class, and
 * {@code {name}} for the last part of the repository's name.
 */
public final class TagTemplate {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

  /** Tags with these prefixes belong to images and environments, and are never moved. */
  private static final Pattern RESERVED = Pattern.compile("(?:is1|env1)-.*");

  private final String text;

  private TagTemplate(String text) {
    this.text = text;
  }

  /**
   * Reads a tag with or without placeholders.
   *
   * @throws IllegalArgumentException if no tag can come of it; the message says why
   */
  public static TagTemplate parse(String text) {
    Matcher placeholders = PLACEHOLDER.matcher(text);
    while (placeholders.find()) {
      if (!placeholders.group(1).equals("task") && !placeholders.group(1).equals("name")) {
        throw new IllegalArgumentException(
            "\""
                + text
                + "\" has the unknown placeholder "
                + placeholders.group()
                + "; there are {task} and {name}");
      }
    }
    check("\"" + text + "\"", PLACEHOLDER.matcher(text).replaceAll("x"));
    return new TagTemplate(text);
  }

  /**
   * The tag for a task's image.
   *
   * @param task the binary name of the task class
   * @param repository the name of the repository, without the registry
   * @throws IllegalArgumentException if the result is no tag
   */
  public String tag(String task, String repository) {
    String simple = task.substring(Math.max(task.lastIndexOf('.'), task.lastIndexOf('$')) + 1);
    String name = repository.substring(repository.lastIndexOf('/') + 1);
    String tag = text.replace("{task}", simple).replace("{name}", name);
    check("\"" + tag + "\"" + (tag.equals(text) ? "" : ", made of \"" + text + "\","), tag);
    return tag;
  }

  private static void check(String shown, String tag) {
    if (!TAG.matcher(tag).matches()) {
      throw new IllegalArgumentException(
          shown
              + " is no tag: a tag has 1 to 128 letters, digits, dots, dashes and underscores, and"
              + " starts with a letter, a digit or an underscore");
    }
    if (RESERVED.matcher(tag).matches()) {
      throw new IllegalArgumentException(
          shown
              + " starts like the tags that ImageSpec makes itself (is1-, env1-); use another prefix");
    }
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof TagTemplate that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
