package dev.imagespec.runtime;

import dev.imagespec.model.AwsPrincipal;
import dev.imagespec.model.Registry;
import dev.imagespec.runtime.registry.ecr.WantedRepository;
import java.io.File;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How a setting is written, and which values it accepts. All methods throw an {@link
 * IllegalArgumentException} whose message says what is wrong, but not where.
 *
 * @param kind whether it takes several values, and what separates them
 * @param parser parses a text; relative paths in it are relative to the given folder
 * @param admission returns the value in the form that is kept, or throws
 */
record SettingForm<T>(Kind kind, BiFunction<String, Path, T> parser, UnaryOperator<T> admission) {

  /** How a setting is given. */
  enum Kind {
    /** One value. */
    ONE(""),
    /** A flag without a value. */
    FLAG(""),
    /** Several values, separated by commas. */
    LIST(","),
    /** Several paths, separated as in a class path. */
    PATHS(File.pathSeparator);

    private final String separator;

    Kind(String separator) {
      this.separator = separator;
    }

    String separator() {
      return separator;
    }
  }

  /** RFC 3339, in which images have their times, has years of four digits. */
  private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

  private static final String WORD = "[A-Za-z0-9][A-Za-z0-9_.-]*";
  private static final String REGION_NAME = "[a-z]{2,}(?:-[a-z0-9]+)++";
  private static final String REGION_MESSAGE = "is no AWS region such as us-east-1";

  static final SettingForm<String> TEXT = one(text -> text);
  static final SettingForm<Boolean> FLAG =
      new SettingForm<>(Kind.FLAG, (text, base) -> flag(text), value -> value);
  static final SettingForm<Integer> COUNT =
      one(SettingForm::number)
          .checked(value -> value >= 1, value -> "it is " + value + "; it must be at least 1");
  static final SettingForm<Duration> DURATION =
      one(SettingForm::duration)
          .checked(time -> time.compareTo(Duration.ZERO) > 0, time -> "it is longer than nothing");
  static final SettingForm<Instant> INSTANT =
      one(SettingForm::instant)
          .checked(
              time -> !time.isBefore(Instant.EPOCH) && time.isBefore(LATEST),
              time -> time + " is not between 1970 and 9999");
  static final SettingForm<Path> FILE =
      new SettingForm<>(Kind.ONE, SettingForm::file, value -> value);

  /** A folder, or {@code none}. */
  static final SettingForm<Optional<Path>> FOLDER_OR_NONE =
      new SettingForm<>(
          Kind.ONE,
          (text, base) -> text.equals("none") ? Optional.empty() : Optional.of(file(text, base)),
          value -> value);

  static final SettingForm<List<Path>> PATHS =
      new SettingForm<>(
          Kind.PATHS,
          (text, base) -> split(text, File.pathSeparator).map(base::resolve).toList(),
          List::copyOf);
  static final SettingForm<List<Definition>> DEFINITIONS = files(Definition::parse);
  static final SettingForm<List<Rendering>> RENDERINGS = files(Rendering::parse);
  static final SettingForm<List<String>> TEXTS = list(text -> text);

  /** An address that is written into the record, which others read. */
  static final SettingForm<String> ADDRESS =
      TEXT.checked(
          text ->
              !text.matches("(?is)[a-z][a-z0-9+.-]*://[^/@]*:[^/@]*@.*")
                  && (text.startsWith("ssh://")
                      || !text.matches("(?is)[a-z][a-z0-9+.-]*://[^/@]*@.*"))
                  && !text.contains("?"),
          text ->
              "the address has a user or a query in it, which may be a password or a token; write it"
                  + " without");

  static final SettingForm<String> ACCOUNT =
      matching(matches("[0-9]{12}"), "is no AWS account: an account has 12 digits");
  static final SettingForm<String> REGION = matching(matches(REGION_NAME), REGION_MESSAGE);
  static final SettingForm<List<String>> REGIONS =
      matchingEach(matches(REGION_NAME), REGION_MESSAGE);
  static final SettingForm<List<Registry>> HOSTS = list(Registry::parse);
  static final SettingForm<String> ENGINE =
      matching(matches(WORD), "is no engine's name; there are buildx, docker and buildah");
  static final SettingForm<List<String>> BUILDERS =
      matchingEach(matches(WORD), "is no builder's name; `docker buildx ls` lists them");
  static final SettingForm<String> NETWORK =
      matching(
          matches("[A-Za-z0-9][A-Za-z0-9_.:-]*"),
          "is no network's name; host is the machine's own");
  static final SettingForm<List<String>> PRINCIPALS =
      matchingEach(
          AwsPrincipal::isOne,
          "is neither an account's 12 digits nor the ARN of a user, a role or an account's root");
  static final SettingForm<String> ROLE =
      TEXT.checked(
          matches("arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+"),
          arn -> "a role is named by its ARN, arn:aws:iam::<account>:role/<name>");
  static final SettingForm<List<String>> TAG_FILTERS =
      new SettingForm<>(
          Kind.LIST,
          TEXTS.parser(),
          filters -> {
            WantedRepository.checkFilters(filters);
            return List.copyOf(filters);
          });

  /** Parses a text. */
  T read(String text, Path base) {
    return admit(parser.apply(text.strip(), base));
  }

  /** Checks a value, and returns it in the form that is kept. */
  T admit(T value) {
    return admission.apply(value);
  }

  private static Path file(String text, Path base) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("it is empty; name a file or folder");
    }
    return base.resolve(text);
  }

  static <T> SettingForm<T> one(Function<String, T> parser) {
    return new SettingForm<>(Kind.ONE, (text, base) -> parser.apply(text), value -> value);
  }

  static <E> SettingForm<List<E>> list(Function<String, E> parser) {
    return new SettingForm<>(
        Kind.LIST, (text, base) -> split(text, ",").map(parser).toList(), List::copyOf);
  }

  /** A list of which each element names files, relative to a folder. */
  private static <E> SettingForm<List<E>> files(BiFunction<String, Path, E> parser) {
    return new SettingForm<>(
        Kind.LIST,
        (text, base) -> split(text, ",").map(part -> parser.apply(part, base)).toList(),
        List::copyOf);
  }

  private SettingForm<T> checked(Predicate<T> isRight, Function<T, String> message) {
    return new SettingForm<>(
        kind,
        parser,
        value -> {
          if (!isRight.test(value)) {
            throw new IllegalArgumentException(message.apply(value));
          }
          return value;
        });
  }

  private static Predicate<String> matches(String regex) {
    return Pattern.compile(regex).asMatchPredicate();
  }

  private static SettingForm<String> matching(Predicate<String> isRight, String otherwise) {
    return TEXT.checked(isRight, text -> "\"" + text + "\" " + otherwise);
  }

  private static SettingForm<List<String>> matchingEach(
      Predicate<String> isRight, String otherwise) {
    SettingForm<String> one = matching(isRight, otherwise);
    return new SettingForm<>(
        Kind.LIST, TEXTS.parser(), texts -> texts.stream().map(one::admit).toList());
  }

  private static Stream<String> split(String text, String separator) {
    return Arrays.stream(text.split(Pattern.quote(separator), -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty());
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("\"" + text + "\" is neither true nor false");
    };
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a whole number", e);
    }
  }

  /** Parses {@code 90s}, {@code 30m}, {@code 2h}. */
  private static Duration duration(String text) {
    if (!text.matches("[1-9][0-9]{0,5}[smh]")) {
      throw new IllegalArgumentException("\"" + text + "\" is no time; write 90s, 30m or 2h");
    }
    return Duration.parse("PT" + text);
  }

  /** Parses a time with its zone, or seconds, as {@code SOURCE_DATE_EPOCH} has them. */
  private static Instant instant(String text) {
    try {
      return text.matches("[0-9]{1,15}")
          ? Instant.ofEpochSecond(Long.parseLong(text))
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no time; write 2026-11-28T10:00:00Z, or seconds since 1970", e);
    }
  }
}
