package dev.imagespec.model;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the name that was probably meant by one with a typing error. */
public final class Spelling {
  /** More edits than this are another name, not a typing error. */
  private static final int SLIP = 2;

  private Spelling() {}

  /**
   * The known name that was probably meant; empty if none is close, or if the text itself is known.
   */
  public static Optional<String> meant(String text, Stream<String> known) {
    return known
        .filter(name -> Math.abs(name.length() - text.length()) <= SLIP)
        .filter(name -> isClose(name, text))
        .min(Comparator.comparingInt(name -> distance(text, name)))
        .filter(name -> !name.equals(text));
  }

  /** Whether one text turns into the other by a typing error, or is the same. */
  static boolean isClose(String a, String b) {
    return Math.abs(a.length() - b.length()) <= SLIP && distance(a, b) <= SLIP;
  }

  /**
   * The number of edits (insert, delete, replace, swap neighbours) that turn one text into the
   * other.
   */
  private static int distance(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int replace = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        edits[i][j] = Math.min(replace, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[a.length()][b.length()];
  }
}
