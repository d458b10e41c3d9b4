package dev.imagespec.processor;

import java.util.ArrayList;
import java.util.List;

/** Splits a script as a POSIX shell does, far enough to see that a quoted text stays one word. */
final class ShellReader {
  private static final String OPERATORS = ";&|<>()\n";

  private ShellReader() {}

  /** The words and the operators. */
  static List<String> words(String script) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean open = false;
    for (int i = 0; i < script.length(); i++) {
      char c = script.charAt(i);
      if (c == '\'') {
        int end = script.indexOf('\'', i + 1);
        if (end < 0) {
          throw new IllegalArgumentException("an open quote: " + script);
        }
        word.append(script, i + 1, end);
        open = true;
        i = end;
      } else if (c == '\\') {
        word.append(script.charAt(++i));
        open = true;
      } else if (c == '"' || c == '$' || c == '`' || (c == '#' && !open)) {
        throw new IllegalArgumentException("expanded: " + script);
      } else if (c == ' ' || c == '\t' || OPERATORS.indexOf(c) >= 0) {
        if (open) {
          words.add(word.toString());
          word.setLength(0);
          open = false;
        }
        if (OPERATORS.indexOf(c) >= 0) {
          words.add(String.valueOf(c));
        }
      } else {
        word.append(c);
        open = true;
      }
    }
    if (open) {
      words.add(word.toString());
    }
    return words;
  }
}
