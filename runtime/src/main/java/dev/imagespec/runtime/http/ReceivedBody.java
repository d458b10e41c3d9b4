package dev.imagespec.runtime.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The body of an answer, with limits on waiting for it. */
final class ReceivedBody extends FilterInputStream {
  private static final Logger LOG = LoggerFactory.getLogger(ReceivedBody.class);

  private final Watchdog watchdog;
  private final Watchdog.Pulse pulse;
  private boolean closed;

  ReceivedBody(InputStream in, Watchdog watchdog) {
    super(in);
    this.watchdog = watchdog;
    this.pulse = watchdog.pulse();
  }

  /** Limits the time for the whole body, by the number of bytes that will be read of it at most. */
  void atMost(long bytes) {
    pulse.atMost(bytes);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (closed) {
      // Whoever reads on, to reuse the connection, gets the end of the body.
      return -1;
    }
    try (Watchdog.Guard guard = watchdog.guard(this::abandon)) {
      long asked = System.nanoTime();
      int n = super.read(buffer, offset, length);
      if (guard.hasStalled()) {
        throw new HttpTimeoutException("no byte came for " + watchdog.patience());
      }
      pulse.moved(n);
      pulse.waited(System.nanoTime() - asked);
      return n;
    } catch (HttpTimeoutException e) {
      abandon();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    super.close();
  }

  private void abandon() {
    try {
      in.close();
    } catch (IOException e) {
      LOG.debug("closing a stalled body: {}", e.getMessage());
    }
  }
}
