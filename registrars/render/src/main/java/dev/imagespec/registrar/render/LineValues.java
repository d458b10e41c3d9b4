package dev.imagespec.registrar.render;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds values that may be names of classes in texts that have their values at the end of a line or
 * in quotes: HCL, TOML, properties, templates of YAML and the like. What stands in a comment,
 * before a colon or an equals sign, or only as a part of a value, is none.
 */
final class LineValues {
  private static final Pattern NAME =
      Pattern.compile("[\\p{javaJavaIdentifierStart}][\\p{javaJavaIdentifierPart}.]*+");

  /** What stands before a value: an assignment, a list, or only the mark of a list's entry. */
  private static final Pattern BEFORE = Pattern.compile("(?s).*[:=\\[,(]\\s*+|\\s*+-\\s++");

  private static final Pattern AFTER_QUOTE = Pattern.compile("(?s)\\s*+(?:[,\\])};].*|#.*|//.*)?");
  private static final Pattern AFTER = Pattern.compile("(?s)\\s*+(?:[,\\])};].*|\\s(?:#|//).*)?");

  private LineValues() {}

  static List<Value> of(String text) {
    List<Value> values = new ArrayList<>();
    boolean inComment = false;
    int start = 0;
    while (start < text.length()) {
      int feed = text.indexOf('\n', start);
      int end = feed < 0 ? text.length() : feed;
      inComment = line(text, start, end, inComment, values);
      start = end + 1;
    }
    return List.copyOf(values);
  }

  /**
   * Finds the values of a line.
   *
   * @return whether a comment goes on in the next line
   */
  private static boolean line(
      String text, int start, int end, boolean inComment, List<Value> values) {
    boolean comment = inComment;
    char quote = 0;
    int i = start;
    while (i < end) {
      char c = text.charAt(i);
      if (comment) {
        comment = !text.startsWith("*/", i);
        i += comment ? 1 : 2;
        continue;
      }
      if (quote != 0 && c == '\\') {
        i += 2;
        continue;
      }
      boolean isFree = i == start || Character.isWhitespace(text.charAt(i - 1));
      if (quote == 0
          && isFree
          && (c == '#' || text.startsWith("//", i) || isMark(text, start, i))) {
        return false;
      }
      if (quote == 0 && isFree && text.startsWith("/*", i)) {
        comment = true;
        i += 2;
        continue;
      }
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      }
      int after = value(text, start, i, end, values);
      i = after > i ? after : i + 1;
    }
    return comment;
  }

  /** Whether a comment of properties or of an INI file starts there. */
  private static boolean isMark(String text, int start, int i) {
    char c = text.charAt(i);
    return (c == '!' || c == ';') && text.substring(start, i).isBlank();
  }

  /**
   * Takes a value, if one starts there.
   *
   * @return the index after it, or before it if there is none
   */
  private static int value(String text, int start, int at, int end, List<Value> values) {
    boolean isStart = at == start || !isPart(text.charAt(at - 1));
    Matcher name = NAME.matcher(text).region(at, end);
    if (!isStart || !name.lookingAt()) {
      return at;
    }
    char before = at == start ? 0 : text.charAt(at - 1);
    boolean isQuoted = before == '"' || before == '\'';
    if (isQuoted && (name.end() == end || text.charAt(name.end()) != before)) {
      return name.end();
    }
    String left = text.substring(start, isQuoted ? at - 1 : at);
    String right = text.substring(isQuoted ? name.end() + 1 : name.end(), end);
    boolean isValue =
        isQuoted
            ? (left.isBlank() || BEFORE.matcher(left).matches())
                && AFTER_QUOTE.matcher(right).matches()
            : BEFORE.matcher(left).matches() && AFTER.matcher(right).matches();
    if (isValue) {
      values.add(new Value(name.group(), at));
    }
    return name.end();
  }

  private static boolean isPart(char c) {
    return Character.isJavaIdentifierPart(c) || c == '.';
  }
}
