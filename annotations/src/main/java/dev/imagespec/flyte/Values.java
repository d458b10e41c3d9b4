package dev.imagespec.flyte;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values of one type, and their form in files: that of Flyte's co-pilot, which is written in Go
 * ({@code strconv} and {@code time}).
 *
 * @param type the Java class
 * @param name the name of the type in {@code @FlyteTask}
 * @param parse makes a value of a text; throws {@link IllegalArgumentException}, {@link
 *     ArithmeticException} or {@link java.time.DateTimeException} if it is none
 */
record Values<T>(Class<T> type, String name, Function<String, T> parse) {
  /** No number, date or length of time has more. */
  private static final int MAX_SHORT = 1024;

  private static final Map<Class<?>, Values<?>> ALL =
      Map.of(
          Long.class,
          new Values<>(Long.class, "INTEGER", Long::valueOf),
          Double.class,
          new Values<>(Double.class, "FLOAT", Values::floating),
          String.class,
          new Values<>(String.class, "STRING", text -> text),
          Boolean.class,
          new Values<>(Boolean.class, "BOOLEAN", Values::bool),
          Instant.class,
          new Values<>(Instant.class, "DATETIME", text -> OffsetDateTime.parse(text).toInstant()),
          Duration.class,
          new Values<>(Duration.class, "DURATION", Values::duration),
          Path.class,
          new Values<>(Path.class, "FILE", Path::of));

  /** Go's {@code time.ParseDuration}. */
  private static final Pattern PART =
      Pattern.compile("([0-9]{1,20}(?:\\.[0-9]{0,20})?|\\.[0-9]{1,20})(ns|us|µs|μs|ms|s|m|h)");

  private static final Pattern DURATION = Pattern.compile("([+-]?)((?:" + PART + ")+|0)");

  private static final Map<String, Long> NANOSECONDS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  /**
   * The values of a class.
   *
   * @throws IllegalArgumentException if it is the class of no type
   */
  @SuppressWarnings("unchecked") // the key of each entry is its own class
  static <T> Values<T> of(Class<T> type) {
    Values<?> values = ALL.get(type);
    if (values == null) {
      throw new IllegalArgumentException(
          type.getName()
              + " is the class of no type of Flyte; use Long, Double, String, Boolean, Instant,"
              + " Duration, or Path for a file or folder");
    }
    return (Values<T>) values;
  }

  /**
   * Reads a value.
   *
   * @param what names it in messages
   */
  T read(Path file, String what) {
    if (type == Path.class) {
      return type.cast(file);
    }
    if (!Files.isRegularFile(file)) {
      throw new IllegalStateException(
          what
              + " is one value of the type "
              + name
              + ", and "
              + file
              + " is no file; read a list with list, a map with map, a folder as Path");
    }
    try {
      String text = text(file);
      // Who writes a number by hand ends the line.
      return parse.apply(type == String.class ? text : text.strip());
    } catch (IllegalArgumentException
        | ArithmeticException
        | DateTimeException
        | CharacterCodingException e) {
      throw new IllegalStateException(
          // The cause would have the value in its message.
          what + " is no " + name + ": see the file " + file + ", and the type in @FlyteTask");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text(Path file) throws IOException {
    if (type != String.class && Files.size(file) > MAX_SHORT) {
      throw new IllegalArgumentException("it has more than " + MAX_SHORT + " bytes");
    }
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
        .toString();
  }

  static byte[] encoded(String text) throws CharacterCodingException {
    ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    byte[] result = new byte[bytes.remaining()];
    bytes.get(result);
    return result;
  }

  private static double floating(String text) {
    return switch (text) {
      case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> {
        if (!text.equals("NaN") && !text.matches("[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")) {
          // Java takes 1d and 0x1p3, too.
          throw new NumberFormatException();
        }
        yield Double.parseDouble(text);
      }
    };
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException();
    };
  }

  private static Duration duration(String text) {
    Matcher whole = DURATION.matcher(text);
    if (!whole.matches()) {
      throw new IllegalArgumentException();
    }
    BigDecimal nanoseconds = BigDecimal.ZERO;
    Matcher part = PART.matcher(whole.group(2));
    while (part.find()) {
      String number = part.group(1);
      nanoseconds =
          nanoseconds.add(
              new BigDecimal(number.endsWith(".") ? number + "0" : number)
                  .multiply(BigDecimal.valueOf(NANOSECONDS.getOrDefault(part.group(2), 0L))));
    }
    long exact = nanoseconds.toBigInteger().longValueExact();
    return Duration.ofNanos(whole.group(1).equals("-") ? -exact : exact);
  }

  /** A length of time in nanoseconds, which Go reads without rounding. */
  static String text(Duration duration) {
    try {
      return duration.toNanos() + "ns";
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("a DURATION is at most 292 years", e);
    }
  }

  static String text(Instant instant) {
    if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
      throw new IllegalArgumentException("a DATETIME is in the years 1 to 9999");
    }
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
  }
}
