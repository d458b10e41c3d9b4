package dev.imagespec.processor.check;

import java.util.Locale;

/**
 * Everything that the processor has to say. An error is what cannot work; a warning is what works,
 * but is not reproducible or not safe. {@code docs/checks.md} has a section for each.
 */
public enum Message {
  REGISTRY(1, Kind.ERROR, "%s"),
  NEW_REGION(
      2,
      Kind.WARNING,
      "the AWS region %s is not known to this release; it is used as it is written"),
  NAME(3, Kind.ERROR, "%s"),
  BASE_IMAGE(4, Kind.ERROR, "%s"),
  UNPINNED(
      5,
      Kind.WARNING,
      "the base image has no fixed version, so the lock alone keeps it from changing; name a version or a"
          + " digest"),
  PLATFORM(6, Kind.ERROR, "%s"),
  ENV_NAME(
      7,
      Kind.ERROR,
      "a variable's name has letters, digits and underscores, and does not start with a digit"),
  DUPLICATE_ENV(8, Kind.ERROR, "the variable is set twice, first in %s; remove one"),
  LABEL(9, Kind.ERROR, "%s"),
  MAIN_CLASS(
      10,
      Kind.ERROR,
      "%s has no public static void main(String[]); add one, or name another class"),
  CONFLICT(11, Kind.ERROR, "%s"),
  PORT(12, Kind.ERROR, "a port is 8080, 53/udp or 9000-9010, between 1 and 65535"),
  ABSOLUTE_PATH(13, Kind.ERROR, "a path in the image is absolute: it starts with /"),
  COPY_FROM(
      14,
      Kind.ERROR,
      "a file to copy is named relative to the project directory and lies inside it"),
  MODE(15, Kind.ERROR, "a mode is three octal digits, such as 0644 or 0755"),
  SECRET_ID(
      16,
      Kind.ERROR,
      "a secret's id has letters, digits, dots, underscores and dashes; its value does"
          + " not stand here"),
  TEXT(17, Kind.ERROR, "%s"),
  EXPIRY(18, Kind.ERROR, "days are 0, for never, or more"),
  GENERATED_NAME(
      19, Kind.ERROR, "%s would generate the same class %s; rename one of the two classes"),
  MISSING_FILE(20, Kind.WARNING, "there is no such file in the project directory"),
  EMPTY(21, Kind.ERROR, "an empty text; remove it"),
  INTERNAL(99, Kind.ERROR, "this is a bug in imagespec-processor, please report it: %s");

  /** How bad it is. */
  public enum Kind {
    /** It cannot work. */
    ERROR,
    /** It works, but is not reproducible or not safe. */
    WARNING
  }

  private final String code;
  private final Kind kind;
  private final String format;

  Message(int number, Kind kind, String format) {
    this.code = String.format(Locale.ROOT, "IMG%03d", number);
    this.kind = kind;
    this.format = format;
  }

  /** {@code IMG} and three digits; stays the same for ever. */
  public String code() {
    return code;
  }

  public Kind kind() {
    return kind;
  }

  /** The name in {@code @SuppressWarnings("imagespec:<name>")}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Where the documentation explains it. */
  public String anchor() {
    return "docs/checks.md#" + code.toLowerCase(Locale.ROOT);
  }

  String format(Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
