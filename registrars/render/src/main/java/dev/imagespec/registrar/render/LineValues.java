package dev.imagespec.registrar.render;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds values that may be names of classes in texts that have their values at the end of a line or
 * in quotes: HCL, TOML, properties, templates of YAML and the like. What stands in a comment,
 * before a colon or an equals sign, or only as a part of a value, is none. Its time is linear, even
 * for one long line.
 */
final class LineValues {
  private static final Pattern NAME =
      Pattern.compile("[\\p{javaJavaIdentifierStart}][\\p{javaJavaIdentifierPart}.]*+");

  /** What a value stands after. */
  private static final String BEFORE = ":=[,(";

  /** What ends a value. */
  private static final String AFTER = ",])}";

  private final String text;
  private final Matcher name;

  /** The index of the end of the last comment that may have several lines. */
  private final int lastEnd;

  /** The index of the end of a comment that was looked for last. */
  private int nextEnd = -1;

  private final List<Value> values = new ArrayList<>();

  /** The line that is read: where it starts and ends. */
  private int start;

  private int end;

  /** The index of the last character before the current one that is no blank; -1 if none is. */
  private int solid;

  /** How many brackets are open in the line. */
  private int depth;

  /** Whether a template's action, such as <code>{{ default "x" }}</code>, is open in the line. */
  private boolean inAction;

  private LineValues(String text) {
    this.text = text;
    name = NAME.matcher(text);
    lastEnd = text.lastIndexOf("*/");
  }

  static List<Value> of(String text) {
    LineValues found = new LineValues(text);
    int next = 0;
    while (next < text.length()) {
      next = found.line(next);
    }
    return List.copyOf(found.values);
  }

  /**
   * Finds the values of a line.
   *
   * @return the index of the next line, or in the line in which a comment of several lines ends
   */
  private int line(int from) {
    int feed = text.indexOf('\n', from);
    start = from;
    end = feed < 0 ? text.length() : feed;
    solid = -1;
    depth = 0;
    inAction = false;
    int i = from;
    while (i < end) {
      if (isLineComment(i)) {
        return end + 1;
      }
      if (isBlockComment(i)) {
        i = commentEnd(i + 2) + 2;
        if (i > end) {
          return i;
        }
        continue;
      }
      char c = text.charAt(i);
      int next = isQuote(i) ? quoted(i) : isPart(c) ? word(i) : i + 1;
      count(i, c);
      if (!Character.isWhitespace(c)) {
        solid = next - 1;
      }
      i = next;
    }
    return end + 1;
  }

  private void count(int i, char c) {
    if ("[({".indexOf(c) >= 0) {
      depth++;
    } else if ("])}".indexOf(c) >= 0) {
      depth = Math.max(0, depth - 1);
    }
    if (text.startsWith("{{", i) || text.startsWith("}}", i)) {
      inAction = c == '{';
    }
  }

  /** The characters, {@code #} and so on, start a comment where they do not belong to a word. */
  private boolean isLineComment(int i) {
    char c = text.charAt(i);
    boolean isMark = (c == '!' || c == ';') && solid < 0;
    return isMark || (isFree(i) && (c == '#' || text.startsWith("//", i)));
  }

  /**
   * A comment that is not closed in its line must stand where no value does: a path may be {@code
   * /*}, and a schedule that follows <code>*&#47;5 * * * *</code>.
   */
  private boolean isBlockComment(int i) {
    if (!text.startsWith("/*", i) || i + 2 > lastEnd) {
      return false;
    }
    boolean isAction = text.startsWith("{{", solid - 1) || text.startsWith("{{-", solid - 2);
    if (!isAction && !isFree(i)) {
      return false;
    }
    return isAction
        || solid < 0
        || ",;\"'{}])".indexOf(text.charAt(solid)) >= 0
        || commentEnd(i + 2) < end;
  }

  /** Where the next comment ends, of which there is one. */
  private int commentEnd(int from) {
    if (nextEnd < from) {
      nextEnd = text.indexOf("*/", from);
    }
    return nextEnd;
  }

  private boolean isFree(int i) {
    return i == start || Character.isWhitespace(text.charAt(i - 1));
  }

  /** An apostrophe within a word is none. */
  private boolean isQuote(int i) {
    char c = text.charAt(i);
    return c == '"' || (c == '\'' && (i == start || !isPart(text.charAt(i - 1))));
  }

  /** Takes the value in quotes, if it is a name; returns the index after it. */
  private int quoted(int open) {
    char quote = text.charAt(open);
    int close = open + 1;
    while (close < end && text.charAt(close) != quote) {
      close += text.charAt(close) == '\\' ? 2 : 1;
    }
    if (close >= end) {
      return end;
    }
    name.region(open + 1, close);
    if (name.matches() && isQuotedValue(close + 1)) {
      values.add(new Value(name.group(), open + 1));
    }
    return close + 1;
  }

  private boolean isQuotedValue(int after) {
    boolean isChoice = solid >= 0 && text.charAt(solid) == '?';
    if (inAction || (isChoice && isNext(after, ":"))) {
      return true;
    }
    return (solid < 0 || isChoice || follows())
        && (isNext(after, AFTER + ";#") || isNextComment(after));
  }

  /** Takes the word, if it is a value; returns the index after it. */
  private int word(int at) {
    name.region(at, end);
    if (!name.lookingAt()) {
      return partsFrom(at);
    }
    if (follows() && isWordEnd(name.end()) && !isProse(name.end())) {
      values.add(new Value(name.group(), at));
    }
    return name.end();
  }

  private int partsFrom(int at) {
    int i = at;
    while (i < end && isPart(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private boolean isWordEnd(int after) {
    int next = solidFrom(after);
    return isNext(after, AFTER)
        || (next > after && (isNext(after, "#;") || isNextComment(after)))
        || (text.startsWith(";", after) && solidFrom(after + 1) == end);
  }

  /** Whether a value can stand after what is there: an assignment, a list, the mark of an entry. */
  private boolean follows() {
    return solid >= 0
        && (BEFORE.indexOf(text.charAt(solid)) >= 0
            || (text.charAt(solid) == '-'
                && solidFrom(start) == solid
                && Character.isWhitespace(text.charAt(solid + 1))));
  }

  /** Words without brackets may be a list, but not if other words stand beside one of them. */
  private boolean isProse(int after) {
    if (depth > 0) {
      return false;
    }
    int next = solidFrom(after);
    return (text.charAt(solid) == ',' && hasBlank(entryBefore(solid), solid))
        || (next < end && text.charAt(next) == ',' && hasBlank(next + 1, entryEnd(next + 1)));
  }

  private int entryBefore(int comma) {
    int i = comma;
    while (i > start && BEFORE.indexOf(text.charAt(i - 1)) < 0) {
      i--;
    }
    return i;
  }

  private int entryEnd(int from) {
    int comma = text.indexOf(',', from);
    return comma < 0 || comma > end ? end : comma;
  }

  private boolean hasBlank(int from, int to) {
    return text.substring(from, to).strip().chars().anyMatch(Character::isWhitespace);
  }

  private boolean isNext(int from, String characters) {
    int next = solidFrom(from);
    return next == end || characters.indexOf(text.charAt(next)) >= 0;
  }

  private boolean isNextComment(int from) {
    int next = solidFrom(from);
    return text.startsWith("//", next) || text.startsWith("/*", next);
  }

  private int solidFrom(int from) {
    int i = from;
    while (i < end && Character.isWhitespace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isPart(char c) {
    return Character.isJavaIdentifierPart(c) || c == '.';
  }
}
