package dev.imagespec.check;

import java.util.Locale;

/**
 * The codes of all problems of a spec. {@code docs/checks.md} has a section for each code, and
 * {@link Message} has the texts.
 */
public enum Code {
  REGISTRY(1, Kind.ERROR),
  NEW_REGION(2, Kind.WARNING),
  NAME(3, Kind.ERROR),
  BASE_IMAGE(4, Kind.ERROR),
  UNPINNED(5, Kind.WARNING),
  PLATFORM(6, Kind.ERROR),
  ENV_NAME(7, Kind.ERROR),
  DUPLICATE_ENV(8, Kind.ERROR),
  LABEL(9, Kind.ERROR),
  MAIN_CLASS(10, Kind.ERROR),
  CONFLICT(11, Kind.ERROR),
  PORT(12, Kind.ERROR),
  IMAGE_PATH(13, Kind.ERROR),
  COPY_FROM(14, Kind.ERROR),
  MODE(15, Kind.ERROR),
  SECRET_ID(16, Kind.ERROR),
  TEXT(17, Kind.ERROR),
  EXPIRY(18, Kind.ERROR),
  GENERATED_NAME(19, Kind.ERROR),
  MISSING_FILE(20, Kind.WARNING),
  EMPTY(21, Kind.ERROR),
  OUTPUT(22, Kind.ERROR),
  PLATFORM_NAME(23, Kind.NOTE),
  APT_PACKAGE(24, Kind.ERROR),
  DUPLICATE_PACKAGE(25, Kind.ERROR),
  REQUIREMENT(26, Kind.ERROR),
  UNPINNED_PACKAGE(27, Kind.WARNING),
  INDEX_URL(28, Kind.ERROR),
  REQUIREMENTS_FILE(29, Kind.ERROR),
  CREDENTIAL(30, Kind.ERROR),
  SECRET_NAME(31, Kind.WARNING),
  ENV_OVERRIDE(32, Kind.WARNING),
  USER(33, Kind.ERROR),
  COMMAND(34, Kind.ERROR),
  SENSITIVE_FILE(35, Kind.ERROR),
  OUTSIDE(36, Kind.ERROR),
  FILES_NOT_CHECKED(37, Kind.NOTE),
  OPTION(38, Kind.ERROR),
  BASE_SPEC(39, Kind.ERROR),
  AMBIGUOUS(40, Kind.ERROR),
  JVM_FLAG(41, Kind.ERROR),
  REPOSITORY(42, Kind.ERROR),
  RETENTION(43, Kind.ERROR),
  NAME_CASE(44, Kind.NOTE),
  ONE_TEXT(45, Kind.WARNING),
  NOT_EXPANDED(46, Kind.WARNING),
  NAME_HOST(47, Kind.WARNING),
  RELEASE(48, Kind.ERROR),
  LOCAL_CLASS(49, Kind.ERROR),
  ENV_PREPEND(50, Kind.ERROR),
  STOP_SIGNAL(51, Kind.ERROR),
  ANNOTATION(52, Kind.ERROR),
  PATTERN(53, Kind.ERROR),
  NOTHING_COPIED(54, Kind.ERROR),
  IGNORE_FILE(55, Kind.ERROR),
  OWNER(56, Kind.ERROR),
  PIP_ARGUMENT(57, Kind.ERROR),
  LOCKED_PACKAGES(58, Kind.ERROR),
  LOCK_FORMAT(59, Kind.ERROR),
  UNUSED_PATTERN(60, Kind.WARNING),
  OWN_DOCKERFILE(62, Kind.ERROR),
  DOCKERFILE_IMAGE(63, Kind.ERROR),
  DOCKERFILE_DOWNLOAD(64, Kind.WARNING),
  DOCKERFILE_NO_EFFECT(65, Kind.WARNING),
  REPLACE(66, Kind.ERROR),
  APPLICATION(67, Kind.ERROR),
  FLYTE_NO_IMAGE(68, Kind.ERROR),
  FLYTE_NAME(69, Kind.ERROR),
  FLYTE_VARIABLE(70, Kind.ERROR),
  FLYTE_RESOURCE(71, Kind.ERROR),
  FLYTE_RUN(72, Kind.ERROR),
  FLYTE_CACHE(73, Kind.ERROR),
  FLYTE_COMMAND(74, Kind.ERROR),
  INTERNAL(99, Kind.ERROR);

  /** The severity of a problem. */
  public enum Kind {
    /** The spec cannot work. */
    ERROR,
    /** The spec works, but is not reproducible or not safe. */
    WARNING,
    /** The spec is correct; the message says how it was understood. */
    NOTE
  }

  /** The page about the checks, where whoever has only a jar can open it. */
  public static final String PAGE =
      "https://github.com/imagespec/imagespec-java/blob/main/docs/checks.md";

  private final String text;
  private final Kind kind;

  Code(int number, Kind kind) {
    this.text = "IMG" + String.valueOf(1000 + number).substring(1);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** The name in {@code @SuppressWarnings("imagespec:<name>")}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The address of the section of the documentation that explains the code. */
  public String anchor() {
    return PAGE + "#" + text.toLowerCase(Locale.ROOT);
  }

  /** {@code IMG} and three digits. It never changes. */
  @Override
  public String toString() {
    return text;
  }
}
