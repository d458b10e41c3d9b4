package dev.imagespec.processor.check;

import dev.imagespec.processor.read.Located;
import java.util.Arrays;

/**
 * Something that is wrong, as data.
 *
 * @param message what kind of thing
 * @param where the value that it is about
 * @param text what to tell: code, attribute, the value itself, and what to write instead; without
 *     credentials that stand in the value
 */
public record Problem(Message message, Located<?> where, String text) {
  private static final int MAX_SHOWN = 200;

  /** The text about an option of the compiler, which stands in no source. */
  public static String ofOption(String key, String value, String why) {
    return Message.OPTION.code()
        + " "
        + printable(Message.OPTION.format(key, value, why))
        + ". See "
        + Message.OPTION.anchor();
  }

  /** The text about a failure of the processor that concerns no class. */
  public static String internal(String why) {
    return Message.INTERNAL.code()
        + " "
        + printable(Message.INTERNAL.format(Credentials.masked(why)))
        + ". See "
        + Message.INTERNAL.anchor();
  }

  /** A problem with a value. */
  public static Problem of(Message message, Located<?> where, Object... arguments) {
    Object[] shown = Arrays.stream(arguments).map(a -> Credentials.masked(a.toString())).toArray();
    return new Problem(
        message,
        where,
        message.code()
            + " "
            + where.path()
            + " \""
            + printable(Credentials.masked(String.valueOf(where.value())))
            + "\": "
            + printable(message.format(shown))
            + ". See "
            + message.anchor());
  }

  /** Control characters would break the compiler's own output. */
  private static String printable(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .limit(text.length() > 2 * MAX_SHOWN ? MAX_SHOWN : text.length())
        .forEach(
            c -> {
              if (TextCheck.breaksLine(c) || TextCheck.isHalf(c)) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return text.length() > 2 * MAX_SHOWN ? out + "…" : out.toString();
  }
}
