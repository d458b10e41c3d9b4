package dev.imagespec.cli;

import java.util.ArrayList;
import java.util.List;

/** What a terminal shows after the control sequences that {@link LiveArea} uses; it never wraps. */
final class DrawnTerminal {
  private static final char ESCAPE = '\u001b';

  private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
  private int row;
  private int column;
  private boolean wraps = true;

  /** The lines after some output, without what follows the last text. */
  static List<String> after(String output) {
    DrawnTerminal terminal = new DrawnTerminal();
    terminal.take(output);
    if (!terminal.wraps) {
      throw new AssertionError("a mode of the terminal stays changed");
    }
    List<String> shown =
        new ArrayList<>(
            terminal.lines.stream().map(line -> line.toString().stripTrailing()).toList());
    while (!shown.isEmpty() && shown.get(shown.size() - 1).isEmpty()) {
      shown.remove(shown.size() - 1);
    }
    return shown;
  }

  private void take(String output) {
    int at = 0;
    while (at < output.length()) {
      char unit = output.charAt(at++);
      if (unit == '\r') {
        column = 0;
      } else if (unit == '\n') {
        row++;
        column = 0;
        if (row == lines.size()) {
          lines.add(new StringBuilder());
        }
      } else if (unit == ESCAPE) {
        int end = at + 1;
        while (!Character.isLetter(output.charAt(end))) {
          end++;
        }
        obey(output.substring(at + 1, end + 1));
        at = end + 1;
      } else {
        put(unit);
      }
    }
  }

  private void put(char unit) {
    StringBuilder line = lines.get(row);
    while (line.length() <= column) {
      line.append(' ');
    }
    line.setCharAt(column++, unit);
  }

  private void obey(String sequence) {
    switch (sequence.charAt(sequence.length() - 1)) {
      case 'A' -> {
        row -= Integer.parseInt(sequence.substring(0, sequence.length() - 1));
        if (row < 0) {
          throw new AssertionError("the cursor leaves the screen");
        }
      }
      case 'J' -> {
        lines.get(row).setLength(Math.min(column, lines.get(row).length()));
        lines.subList(row + 1, lines.size()).clear();
      }
      case 'h', 'l' -> {
        if (!sequence.startsWith("?7")) {
          throw new AssertionError("unknown mode " + sequence);
        }
        wraps = sequence.endsWith("h");
      }
      case 'm' -> {
        // A colour.
      }
      default -> throw new AssertionError("unknown sequence " + sequence);
    }
  }
}
