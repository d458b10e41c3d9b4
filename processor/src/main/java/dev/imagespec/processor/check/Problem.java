package dev.imagespec.processor.check;

import dev.imagespec.processor.read.Located;

/**
 * Something that is wrong, as data.
 *
 * @param message what kind of thing
 * @param where the value that it is about
 * @param text what to tell: code, attribute, the value itself, and what to write instead
 */
public record Problem(Message message, Located<?> where, String text) {

  /** A problem with a value. */
  public static Problem of(Message message, Located<?> where, Object... arguments) {
    return new Problem(
        message,
        where,
        message.code()
            + " "
            + where.path()
            + " \""
            + printable(String.valueOf(where.value()))
            + "\": "
            + message.format(arguments)
            + ". See "
            + message.anchor());
  }

  /** Control characters would break the compiler's own output. */
  private static String printable(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }
}
