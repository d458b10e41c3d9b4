package dev.imagespec.runtime;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A file that defines a task for the system that runs it, in that system's own form; where an image
 * belongs, it has a task class's name.
 *
 * @param kind which system's form it has, such as {@code ecs}: one of the {@linkplain
 *     TaskRegistrar#definitionKinds kinds} of a registrar
 * @param file the file
 * @param name kind and file as they were given, for people, records and JSON
 */
public record Definition(String kind, Path file, String name) {

  private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]*");

  /** A definition whose name is its kind and its path. */
  public Definition(String kind, Path file) {
    this(kind, file, kind + ":" + file);
  }

  /** Parses {@code KIND:FILE}; a relative path is relative to the given folder. */
  static Definition parse(String text, Path base) {
    int colon = text.indexOf(':');
    String kind = colon < 0 ? "" : text.substring(0, colon).strip();
    String file = text.substring(colon + 1).strip();
    if (!KIND.matcher(kind).matches() || file.isEmpty()) {
      throw new IllegalArgumentException(
          "a definition is KIND:FILE, such as ecs:deploy/report.json; this is \"" + text + "\"");
    }
    return new Definition(kind, base.resolve(file), kind + ":" + file);
  }

  @Override
  public String toString() {
    return name;
  }
}
