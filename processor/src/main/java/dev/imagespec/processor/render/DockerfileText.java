package dev.imagespec.processor.render;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes values into a Dockerfile so that they stay values: whatever stands in them, the builder
 * reads back exactly that, and no instruction. After BuildKit's lexer ({@code
 * frontend/dockerfile/shell}) and parser.
 */
final class DockerfileText {
  private DockerfileText() {}

  /**
   * A word in double quotes, for ENV, LABEL, WORKDIR and USER: the builder expands {@code $}, and
   * takes backslashes from before quotes, dollars and backslashes.
   */
  static String quoted(String value) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '$' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    return out.append('"').toString();
  }

  /** Texts as a JSON array, for ENTRYPOINT, CMD and RUN: the builder expands nothing in it. */
  static String exec(List<String> values) {
    return values.stream().map(DockerfileText::json).collect(Collectors.joining(", ", "[", "]"));
  }

  /** Words as a JSON array, for VOLUME: the builder reads each once more as a word of a shell. */
  static String words(List<String> values) {
    return exec(values.stream().map(value -> value.replaceAll("([\\\\\"'$])", "\\\\$1")).toList());
  }

  /** A shell's word that stands for itself. */
  static String shell(String value) {
    return "'" + value.replace("'", "'\\''") + "'";
  }

  private static String json(String value) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
