package dev.imagespec.dockerfile;

import java.util.HexFormat;
import java.util.List;

/**
 * Quotes values for a Dockerfile, so that the builder reads back exactly the same text, and no text
 * can become an instruction. Follows BuildKit's lexer ({@code frontend/dockerfile/shell}) and
 * parser.
 */
final class DockerfileText {
  /**
   * The number of characters after which a line is continued. Builders cannot read lines longer
   * than 64 KiB: BuildKit fails, and buildah silently ignores the rest of the file. A character has
   * up to three bytes.
   */
  private static final int LINE = 8_000;

  private static final HexFormat HEX = HexFormat.of();
  private static final String CONTINUED = "\\\n";

  private DockerfileText() {}

  /**
   * A word in double quotes, for ENV, LABEL, WORKDIR and USER. There the builder expands {@code $},
   * and removes the backslash before a quote, a dollar or a backslash.
   */
  static String quoted(String value) {
    StringBuilder out = new StringBuilder("\"");
    int start = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (out.length() - start > LINE && !Character.isLowSurrogate(c)) {
        out.append('"').append(CONTINUED);
        start = out.length();
        out.append('"');
      }
      if (c == '"' || c == '$' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    return out.append('"').toString();
  }

  /**
   * An assignment for ENV that puts a text and a colon in front of the variable's own value; the
   * text alone if it has none. Only the variable is expanded.
   *
   * @param name letters, digits and underscores
   */
  static String prepended(String name, String text) {
    String open = quoted(text);
    return name + "=" + open.substring(0, open.length() - 1) + "${" + name + ":+:$" + name + "}\"";
  }

  /** Texts as a JSON array, for ENTRYPOINT, CMD and RUN. The builder expands nothing in it. */
  static String exec(List<String> values) {
    StringBuilder out = new StringBuilder("[");
    int start = 0;
    for (String value : values) {
      if (out.length() > 1) {
        out.append(", ");
      }
      if (out.length() - start > LINE) {
        out.append(CONTINUED);
        start = out.length();
      }
      start = json(value, out, start);
    }
    return out.append(']').toString();
  }

  /** Words as a JSON array, for VOLUME. The builder then reads each element as a shell word too. */
  static String words(List<String> values) {
    return exec(values.stream().map(value -> value.replaceAll("([\\\\\"'$])", "\\\\$1")).toList());
  }

  /**
   * Writes a JSON string. Escapes the characters around a line break, because a line that ends with
   * two backslashes is not continued, and a line that starts with a number sign is a comment.
   *
   * @param start the index in {@code out} where the current line starts
   * @return the index where the last line starts
   */
  private static int json(String value, StringBuilder out, int start) {
    int line = start;
    boolean first = false;
    out.append('"');
    for (int i = 0; i < value.length(); i += Character.charCount(value.codePointAt(i))) {
      int c = value.codePointAt(i);
      boolean last = out.length() - line > LINE;
      if (first || last || c < 0x20 || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029) {
        for (char unit : Character.toChars(c)) {
          out.append("\\u").append(HEX.toHexDigits(unit));
        }
      } else if (c == '"' || c == '\\') {
        out.append('\\').appendCodePoint(c);
      } else {
        out.appendCodePoint(c);
      }
      first = last;
      if (last) {
        out.append(CONTINUED);
        line = out.length();
      }
    }
    out.append('"');
    return line;
  }
}
