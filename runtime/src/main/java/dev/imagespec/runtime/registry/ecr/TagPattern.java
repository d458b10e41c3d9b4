package dev.imagespec.runtime.registry.ecr;

import java.util.BitSet;

/** Patterns of tags, in which {@code *} stands for any characters. */
final class TagPattern {
  /** The number of hex digits after the prefix in the tag of a registered image. */
  private static final int DIGITS = 32;

  private TagPattern() {}

  /** Whether a registered image's tag, which starts with the prefix, can match the pattern. */
  static boolean meets(String pattern, String prefix) {
    BitSet at = new BitSet();
    at.set(0);
    skipStars(pattern, at);
    for (int i = 0; i < prefix.length() + DIGITS; i++) {
      BitSet next = new BitSet();
      for (int j = at.nextSetBit(0); j >= 0 && j < pattern.length(); j = at.nextSetBit(j + 1)) {
        char c = pattern.charAt(j);
        if (c == '*') {
          next.set(j);
        } else if (i < prefix.length()
            ? c == prefix.charAt(i)
            : "0123456789abcdef".indexOf(c) >= 0) {
          next.set(j + 1);
        }
      }
      skipStars(pattern, next);
      at = next;
    }
    return at.get(pattern.length());
  }

  /** Whether a tag matches the pattern. */
  static boolean matches(String pattern, String tag) {
    String[] parts = pattern.split("\\*", -1);
    if (parts.length == 1) {
      return pattern.equals(tag);
    }
    String first = parts[0];
    String last = parts[parts.length - 1];
    int end = tag.length() - last.length();
    if (!tag.startsWith(first) || !tag.endsWith(last) || first.length() > end) {
      return false;
    }
    int at = first.length();
    for (int i = 1; i < parts.length - 1; i++) {
      int found = tag.indexOf(parts[i], at);
      if (found < 0 || found + parts[i].length() > end) {
        return false;
      }
      at = found + parts[i].length();
    }
    return true;
  }

  /** A star may match nothing. */
  private static void skipStars(String pattern, BitSet at) {
    for (int j = 0; j < pattern.length(); j++) {
      if (at.get(j) && pattern.charAt(j) == '*') {
        at.set(j + 1);
      }
    }
  }

  /** Whether every tag that starts with the prefix matches the pattern. */
  static boolean covers(String pattern, String prefix) {
    return pattern.indexOf('*') == pattern.length() - 1
        && prefix.startsWith(pattern.substring(0, pattern.length() - 1));
  }
}
