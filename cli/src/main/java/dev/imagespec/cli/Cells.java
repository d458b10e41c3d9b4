package dev.imagespec.cli;

import dev.imagespec.model.Printable;

/** Text on a terminal, which counts in cells: an ideograph takes two, an accent none. */
final class Cells {
  private Cells() {}

  /** How many cells a printable text takes. */
  static int count(String text) {
    return text.codePoints().map(Cells::width).sum();
  }

  /** A text, printable and on one line, in so many cells at most. */
  static String cut(String text, int most) {
    String line = Printable.value(text);
    if (count(line) <= most) {
      return line;
    }
    StringBuilder start = new StringBuilder();
    int cells = 0;
    for (int c : line.codePoints().toArray()) {
      cells += width(c);
      if (cells >= most) {
        break;
      }
      start.appendCodePoint(c);
    }
    return most < 1 ? "" : start + "…";
  }

  /** The same, filled with blanks. */
  static String fit(String text, int cells) {
    String cut = cut(text, cells);
    return cut + " ".repeat(Math.max(0, cells - count(cut)));
  }

  private static int width(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(c) ? 2 : 1;
    };
  }

  /** Whether it is wide or fullwidth (Unicode Standard Annex 11), by blocks. */
  private static boolean isWide(int c) {
    return (c >= 0x1100 && c <= 0x115f)
        || (c >= 0x2e80 && c <= 0xa4cf)
        || (c >= 0xac00 && c <= 0xd7a3)
        || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0xfe30 && c <= 0xfe6f)
        || (c >= 0xff00 && c <= 0xff60)
        || (c >= 0xffe0 && c <= 0xffe6)
        || (c >= 0x1f300 && c <= 0x1f64f)
        || (c >= 0x1f900 && c <= 0x1f9ff)
        || (c >= 0x20000 && c <= 0x3fffd);
  }
}
