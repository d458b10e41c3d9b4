package dev.imagespec.processor.check;

import java.util.Locale;

/**
 * Everything that the processor has to say. An error is what cannot work; a warning is what works,
 * but is not reproducible or not safe; a note tells what was done. {@code docs/checks.md} has a
 * section for each.
 */
public enum Message {
  REGISTRY(1, Kind.ERROR, "%s"),
  NEW_REGION(
      2,
      Kind.WARNING,
      "the AWS region %s is not known to this release; it is used as it is written. If it is right, say"
          + " -Aimagespec.extraRegions=%s"),
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
  PORT(12, Kind.ERROR, "a port is 8080, 53/udp or 9000-9010, tcp or udp, between 1 and 65535"),
  IMAGE_PATH(13, Kind.ERROR, "%s"),
  COPY_FROM(
      14,
      Kind.ERROR,
      "a file of the project is named relative to the project directory, with /, and lies inside it"),
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
  OUTPUT(22, Kind.ERROR, "the outputs cannot be written: %s"),
  PLATFORM_NAME(23, Kind.NOTE, "this is the platform %s"),
  APT_PACKAGE(24, Kind.ERROR, "%s"),
  DUPLICATE_PACKAGE(25, Kind.ERROR, "%s is named twice, first in %s; remove one"),
  REQUIREMENT(26, Kind.ERROR, "%s"),
  UNPINNED_PACKAGE(
      27,
      Kind.WARNING,
      "without a version, what is installed depends on the day of the build; write %s"),
  INDEX_URL(28, Kind.ERROR, "%s"),
  REQUIREMENTS_FILE(29, Kind.ERROR, "%s"),
  CREDENTIAL(
      30,
      Kind.ERROR,
      "%s; everybody who may pull the image could read it. Remove it, and give it to the steps that need"
          + " it with the attribute secrets, or to the program where it runs"),
  SECRET_NAME(
      31,
      Kind.WARNING,
      "the name looks like a secret's, and everybody who may pull the image can read its value"),
  ENV_OVERRIDE(
      32,
      Kind.WARNING,
      "this replaces what the base image sets, nothing is expanded; make sure that the value is whole"),
  USER(
      33,
      Kind.ERROR,
      "a user is a name or a number, optionally with a group: app, 1000, 1000:1000"),
  COMMAND(34, Kind.ERROR, "%s"),
  SENSITIVE_FILE(
      35,
      Kind.ERROR,
      "%s would go into the image, where everybody who may pull it can read it; move it out of the"
          + " folder, or name the file itself in a @Copy if it is meant"),
  OUTSIDE(36, Kind.ERROR, "%s leads out of the project directory through a symbolic link"),
  FILES_NOT_CHECKED(
      37,
      Kind.NOTE,
      "the project's files are checked at registration only; to check them at compile time, too, say"
          + " -Aimagespec.projectDir=<the project's directory>"),
  OPTION(38, Kind.ERROR, "-A%s=%s: %s"),
  BASE_SPEC(39, Kind.ERROR, "%s"),
  AMBIGUOUS(40, Kind.ERROR, "%s says \"%s\" and is as near; set the attribute on the class itself"),
  JVM_FLAG(41, Kind.ERROR, "%s"),
  REPOSITORY(42, Kind.ERROR, "%s"),
  RETENTION(
      43,
      Kind.ERROR,
      "the annotation is in no class file, so that neither an incremental build nor a registration can see"
          + " that the class carries it; remove @Retention(RetentionPolicy.SOURCE) from it"),
  NAME_CASE(
      44,
      Kind.NOTE,
      "the name differs from %s only in upper and lower case; where a file system does not tell them apart"
          + " (macOS, Windows), the files of one replace the other's. Rename one of the two classes"),
  INTERNAL(99, Kind.ERROR, "this is a bug in imagespec-processor, please report it: %s");

  /** How bad it is. */
  public enum Kind {
    /** It cannot work. */
    ERROR,
    /** It works, but is not reproducible or not safe. */
    WARNING,
    /** It is right; this only tells what was made of it. */
    NOTE
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
