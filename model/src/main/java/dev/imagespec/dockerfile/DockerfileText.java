package dev.imagespec.dockerfile;

import java.util.List;

/**
 * Writes values into a Dockerfile so that they stay values: whatever stands in them, the builder
 * reads back exactly that, and no instruction. After BuildKit's lexer ({@code
 * frontend/dockerfile/shell}) and parser.
 */
final class DockerfileText {
  /**
   * Lines longer than 64 KiB stop the builders' scanners: BuildKit's with an error, buildah's by
   * leaving out the rest of the file without a word. Characters have up to three bytes.
   */
  private static final int LINE = 8_000;

  private static final String CONTINUED = "\\\n";

  private DockerfileText() {}

  /**
   * A word in double quotes, for ENV, LABEL, WORKDIR and USER: the builder expands {@code $}, and
   * takes backslashes from before quotes, dollars and backslashes.
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

  /** Texts as a JSON array, for ENTRYPOINT, CMD and RUN: the builder expands nothing in it. */
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

  /** Words as a JSON array, for VOLUME: the builder reads each once more as a word of a shell. */
  static String words(List<String> values) {
    return exec(values.stream().map(value -> value.replaceAll("([\\\\\"'$])", "\\\\$1")).toList());
  }

  /**
   * Writes a JSON string. Around a continuation the characters are escaped, since a line that ends
   * with two backslashes is not continued, and one that starts with a number sign is a comment.
   *
   * @param start where the line starts in {@code out}
   * @return where the last line starts now
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
          out.append(String.format("\\u%04x", (int) unit));
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
