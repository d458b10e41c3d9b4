package dev.imagespec.model;

import java.util.List;

/** A part of a {@link FilePattern}. */
sealed interface PatternToken {
  /** One character of these; if negated, any other except {@code /}. */
  record One(List<Range> ranges, boolean negated) implements PatternToken {
    public One {
      ranges = List.copyOf(ranges);
    }

    boolean takes(int c) {
      boolean within = ranges.stream().anyMatch(range -> range.from <= c && c <= range.to);
      return negated ? !within && c != '/' : within;
    }
  }

  /** Any text: with slashes, or without. */
  record Any(boolean slashes) implements PatternToken {}

  /** Nothing, or any text that ends with a slash. */
  record Folders() implements PatternToken {}

  /** Characters from one to another. */
  record Range(int from, int to) {}
}
