package dev.imagespec.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A pattern for paths with {@code /}: {@code *} and {@code ?} stand for anything but {@code /},
 * {@code [a-z]} for one character, {@code **} for any number of folders, and a backslash takes the
 * next character as it is. Matching takes time in proportion to the lengths of pattern and path, so
 * that no pattern takes long.
 */
public final class PathPattern {
  private final List<Part> parts;

  /** A part of a pattern: takes one character, or any number of them. */
  private record Part(IntPredicate takes, boolean repeats, boolean isFolders) {
    static Part one(IntPredicate takes) {
      return new Part(takes, false, false);
    }

    static Part many(IntPredicate takes) {
      return new Part(takes, true, false);
    }

    /** Nothing, or whole folders with the slash behind them. */
    static Part folders() {
      return new Part(c -> true, true, true);
    }
  }

  private PathPattern(List<Part> parts) {
    this.parts = parts;
  }

  /** Reads a pattern; each text is one. */
  public static PathPattern of(String pattern) {
    int[] chars = pattern.codePoints().toArray();
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < chars.length; i++) {
      int c = chars[i];
      if (c == '*' && i + 1 < chars.length && chars[i + 1] == '*') {
        i++;
        if (i + 1 < chars.length && chars[i + 1] == '/') {
          i++;
        }
        parts.add(i + 1 == chars.length ? Part.many(any -> true) : Part.folders());
      } else if (c == '*') {
        parts.add(Part.many(PathPattern::isInName));
      } else if (c == '?') {
        parts.add(Part.one(PathPattern::isInName));
      } else if (c == '\\' && i + 1 < chars.length) {
        i++;
        parts.add(literal(chars[i]));
      } else if (c == '[' && end(chars, i) > 0) {
        int end = end(chars, i);
        parts.add(Part.one(group(chars, i + 1, end)));
        i = end;
      } else {
        parts.add(literal(c));
      }
    }
    return new PathPattern(List.copyOf(parts));
  }

  private static boolean isInName(int c) {
    return c != '/';
  }

  private static Part literal(int character) {
    return Part.one(c -> c == character);
  }

  /** Where a group of characters ends, or -1 if it does not. */
  private static int end(int[] chars, int start) {
    int first = start + 1;
    if (first < chars.length && chars[first] == '^') {
      first++;
    }
    for (int i = first; i < chars.length; i++) {
      if (chars[i] == '\\') {
        i++;
      } else if (chars[i] == ']' && i > first) {
        return i;
      }
    }
    return -1;
  }

  private static IntPredicate group(int[] chars, int start, int end) {
    boolean isNegated = chars[start] == '^';
    IntPredicate group = c -> false;
    for (int i = isNegated ? start + 1 : start; i < end; i++) {
      if (chars[i] == '\\' && i + 1 < end) {
        i++;
      }
      int low = chars[i];
      int high = low;
      if (i + 2 < end && chars[i + 1] == '-') {
        i += 2;
        high = chars[i];
      }
      int last = high;
      group = group.or(c -> c >= low && c <= last);
    }
    IntPredicate all = group;
    return isNegated ? c -> c != '/' && !all.test(c) : c -> c != '/' && all.test(c);
  }

  /** Whether the pattern stands for the whole path. */
  public boolean matches(String path) {
    boolean[] at = new boolean[parts.size() + 1];
    at[0] = true;
    skip(at, true);
    int previous = '/';
    for (int c : path.codePoints().toArray()) {
      boolean[] next = new boolean[at.length];
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        if (at[i] && part.takes().test(c)) {
          next[part.repeats() ? i : i + 1] = true;
        }
      }
      previous = c;
      skip(next, previous == '/');
      at = next;
    }
    return at[parts.size()];
  }

  /** Passes over parts that may take nothing more. */
  private void skip(boolean[] at, boolean afterFolder) {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (at[i] && part.repeats() && (!part.isFolders() || afterFolder)) {
        at[i + 1] = true;
      }
    }
  }
}
