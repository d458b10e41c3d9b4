package dev.imagespec.model;

import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * Text of unknown origin, made fit to be shown to people: nothing in it moves a terminal's cursor,
 * hides text or changes its order.
 */
public final class Printable {
  private static final Pattern BREAKS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\s]+");

  private Printable() {}

  /**
   * The text with everything unprintable escaped as <code>&#92;uXXXX</code>, a UTF-16 unit each,
   * which is also how JSON writes it inside of strings. Line feeds and tabs stay.
   */
  public static String text(String text) {
    return escaped(text, c -> c == '\n' || c == '\t' || isPrintable(c));
  }

  /** The same of a text that is to be quoted on one line: line feeds and tabs are escaped, too. */
  public static String value(String text) {
    return escaped(text, Printable::isPrintable);
  }

  private static String escaped(String text, IntPredicate stays) {
    if (text.codePoints().allMatch(stays)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (stays.test(c)) {
                out.appendCodePoint(c);
              } else {
                for (char unit : Character.toChars(c)) {
                  out.append(String.format("\\u%04x", (int) unit));
                }
              }
            });
    return out.toString();
  }

  /** The text on one line: line ends and control characters between words become one space. */
  public static String line(String text) {
    return text(BREAKS.matcher(text).replaceAll(" ").strip());
  }

  /** The start of a text, of so many UTF-16 units at most, with an ellipsis if that is not all. */
  public static String start(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }

  /** Whether a code point shows as itself, on one line. */
  public static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      case Character.FORMAT -> !isDirection(codePoint) && !isTag(codePoint);
      default -> true;
    };
  }

  /** Whether it sets the direction of the text that follows (Unicode Standard Annex 9). */
  private static boolean isDirection(int c) {
    return c == 0x061c
        || c == 0x200e
        || c == 0x200f
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }

  /** Whether it is one of the invisible tags, which can spell out ASCII. */
  private static boolean isTag(int c) {
    return c >= 0xe0000 && c <= 0xe007f;
  }
}
