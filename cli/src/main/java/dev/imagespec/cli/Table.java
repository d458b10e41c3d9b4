package dev.imagespec.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Text in columns. */
final class Table {
  private Table() {}

  /**
   * Prints rows in columns. Each column is as wide as its widest text; the last one is not padded.
   *
   * @param indent what every line starts with
   */
  static void print(List<List<String>> rows, String indent, PrintWriter out) {
    lines(rows, indent).forEach(out::println);
  }

  /** The lines of {@link #print}. */
  static List<String> lines(List<List<String>> rows, String indent) {
    List<String> lines = new ArrayList<>();
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], Cells.count(row.get(i)));
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(indent);
      for (int i = 0; i < columns; i++) {
        String text = row.get(i);
        line.append(text);
        if (i < columns - 1) {
          line.append(" ".repeat(widths[i] - Cells.count(text) + 2));
        }
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
