package dev.imagespec.cli;

import dev.imagespec.model.IoReason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where results go. A writer swallows what goes wrong, and a script would take half a document, or
 * none, for the whole: so this remembers it, and the exit code says it.
 */
final class Stdout extends OutputStream {
  private final OutputStream stream;
  private volatile @Nullable IOException failure;

  Stdout(OutputStream stream) {
    this.stream = stream;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      stream.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      stream.flush();
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /** The exit code of a command that ended with another; says so if its results are not there. */
  int exitCode(int ended, PrintWriter err) {
    IOException e = failure;
    if (e == null || isUnread(e)) {
      return ended;
    }
    err.println(
        "error: The results cannot be written to stdout: "
            + IoReason.of(e)
            + ". The command itself has ended with exit code "
            + ended
            + ".");
    err.flush();
    return ended == 0 ? ImageSpecCommand.FAILED : ended;
  }

  /** Whether the reader, such as {@code head}, has enough. */
  private static boolean isUnread(IOException e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
  }
}
