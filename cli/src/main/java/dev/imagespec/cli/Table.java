package dev.imagespec.cli;

import java.io.PrintWriter;
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
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(indent);
      for (int i = 0; i < columns; i++) {
        String text = row.get(i);
        line.append(text);
        if (i < columns - 1) {
          line.append(" ".repeat(widths[i] - text.length() + 2));
        }
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
