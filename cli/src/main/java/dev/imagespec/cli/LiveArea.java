package dev.imagespec.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A terminal whose last lines are drawn again and again. Whatever else is printed to this stream
 * appears above them.
 *
 * <p>The terminal's state is never changed for longer than one write: no mode stays on, and the
 * cursor stands below the last line. So nothing has to be restored when the process is killed.
 *
 * <p>No library draws this. {@code me.tongfei:progressbar} keeps each bar at a fixed distance from
 * the cursor, so a warning in between breaks the picture; it draws one line for every bar, however
 * many the terminal has; it has its own clock, which no test can set; and its JLine asks the
 * terminal of stdin and stdout, while progress goes to stderr. The control sequences are those of
 * ECMA-48, and DECAWM.
 */
final class LiveArea extends OutputStream {
  private static final String UP_AND_CLEAR = "\r\u001b[%dA\u001b[J";

  /** A line that is longer than the terminal is wide is cut, not wrapped. */
  private static final String CUT = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";

  private final PrintStream terminal;
  private List<String> lines = List.of();
  private int drawn;
  private boolean inLine;
  private boolean ended;

  /** An area at the end of a terminal. */
  LiveArea(PrintStream terminal) {
    this.terminal = terminal;
  }

  /**
   * Draws lines in place of those before.
   *
   * @param next printable but for styles; fewer than the terminal has
   */
  synchronized void show(List<String> next) {
    if (!ended && !next.equals(lines)) {
      lines = List.copyOf(next);
      update("");
    }
  }

  /** Removes the lines, and draws none any more. */
  synchronized void end() {
    show(List.of());
    ended = true;
  }

  /** Prints a line above the others. */
  synchronized void print(String line) {
    update(line + "\n");
  }

  private void update(String printed) {
    byte[] bytes = printed.getBytes(StandardCharsets.UTF_8);
    write(bytes, 0, bytes.length);
  }

  @Override
  public void write(int octet) {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    if (length > 0) {
      inLine = bytes[offset + length - 1] != '\n';
    }
    if (drawn == 0 && lines.isEmpty()) {
      terminal.write(bytes, offset, length);
      return;
    }
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    if (drawn > 0) {
      frame.writeBytes(UP_AND_CLEAR.formatted(drawn).getBytes(StandardCharsets.UTF_8));
    }
    frame.write(bytes, offset, length);
    // Where somebody's line is not whole, the rest of it comes first.
    drawn = inLine ? 0 : lines.size();
    if (drawn > 0) {
      String picture = CUT + String.join("\n", lines) + "\n" + WRAP;
      frame.writeBytes(picture.getBytes(StandardCharsets.UTF_8));
    }
    terminal.write(frame.toByteArray(), 0, frame.size());
    terminal.flush();
  }

  @Override
  public void flush() {
    terminal.flush();
  }
}
