package dev.imagespec.cli;

import dev.imagespec.model.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * The one place where text is printed, whoever wrote it: what a terminal would obey instead of show
 * is escaped. Everything is UTF-8, as JSON is (RFC 8259), whatever encoding the console uses.
 */
final class Terminal {
  private Terminal() {}

  /** A writer to a stream, by lines. */
  static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(new PrintableWriter(stream), true);
  }

  /** A stream, of UTF-8, for those that log. */
  static PrintStream stream(OutputStream stream) {
    return new PrintStream(new PrintableStream(stream), true, StandardCharsets.UTF_8);
  }

  /** Collects text until it is flushed, so that no character is seen by halves. */
  private static final class PrintableWriter extends Writer {
    private final OutputStream stream;
    private final StringBuilder text = new StringBuilder();

    PrintableWriter(OutputStream stream) {
      this.stream = stream;
    }

    @Override
    public void write(char[] units, int offset, int length) throws IOException {
      synchronized (lock) {
        text.append(units, offset, length);
        if (length > 0 && text.charAt(text.length() - 1) == '\n') {
          print();
        }
      }
    }

    @Override
    public void flush() throws IOException {
      synchronized (lock) {
        print();
        stream.flush();
      }
    }

    private void print() throws IOException {
      stream.write(Printable.text(text.toString()).getBytes(StandardCharsets.UTF_8));
      text.setLength(0);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /** Collects bytes until a line ends, so that no character is seen by halves. */
  private static final class PrintableStream extends OutputStream {
    private final OutputStream stream;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    PrintableStream(OutputStream stream) {
      this.stream = stream;
    }

    @Override
    public synchronized void write(int octet) throws IOException {
      line.write(octet);
      if (octet == '\n') {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        stream.write(Printable.text(text).getBytes(StandardCharsets.UTF_8));
      }
    }

    @Override
    public void flush() throws IOException {
      stream.flush();
    }

    @Override
    public synchronized void close() throws IOException {
      write('\n');
      flush();
    }
  }
}
