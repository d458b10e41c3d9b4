package dev.imagespec.runtime.work;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a program prints that is asked for something short, such as a credential.
 *
 * @param exitCode its exit code
 * @param output the start of its standard output, which may be a secret
 */
public record ProgramAnswer(int exitCode, String output) {
  private static final Logger LOG = LoggerFactory.getLogger(ProgramAnswer.class);

  /** How long its output may take to end after it. */
  private static final Duration END = Duration.ofSeconds(2);

  /**
   * Runs a program to its end. What it prints on standard error is dropped, since that may be a
   * secret, too.
   *
   * @param input what it gets on standard input
   * @param patience how long it may take
   * @param most how many bytes of its output are kept
   * @throws IOException if it cannot be started
   * @throws TimeoutException if it takes longer; it is ended, with all that it started
   */
  public static ProgramAnswer of(ProcessBuilder builder, byte[] input, Duration patience, int most)
      throws IOException, InterruptedException, TimeoutException {
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (ProcessTree tree = ProcessTree.start(builder, Duration.ZERO)) {
      Process process = tree.process();
      Thread talk = new Thread(() -> talk(process, input, answer, most), "imagespec-program");
      talk.setDaemon(true);
      talk.start();
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TimeoutException();
      }
      // Its own children may hold its output open: without them, it ends.
      tree.end();
      talk.join(END.toMillis());
      synchronized (answer) {
        return new ProgramAnswer(process.exitValue(), answer.toString(StandardCharsets.UTF_8));
      }
    }
  }

  /** Asks, and adds what is answered, as it comes. */
  private static void talk(Process process, byte[] input, ByteArrayOutputStream answer, int most) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(input);
    } catch (IOException e) {
      LOG.debug("a program does not read its input: {}", e.getMessage());
    }
    byte[] part = new byte[1 << 13];
    try (InputStream in = process.getInputStream()) {
      int left = most;
      for (int n = in.read(part, 0, Math.min(part.length, left));
          n > 0;
          n = in.read(part, 0, Math.min(part.length, left))) {
        synchronized (answer) {
          answer.write(part, 0, n);
        }
        left -= n;
      }
    } catch (IOException e) {
      // Whoever asked sees that the answer is not whole.
      LOG.debug("a program breaks off: {}", e.getMessage());
    }
  }

  @Override
  public String toString() {
    return "ProgramAnswer[" + exitCode + "]";
  }
}
