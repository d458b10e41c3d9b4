package dev.imagespec.runtime.http;

import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends exchanges in which nothing moves any more, or hardly anything. The JDK's client has a
 * deadline for an answer's header alone: a body may take for ever, in either direction.
 */
final class Watchdog implements AutoCloseable {
  /** Slower than this, in bytes a second over all the time waited for, an exchange is ended. */
  private static final long SLOWEST = 1024;

  private final Duration idle;
  private final ScheduledThreadPoolExecutor timer;

  Watchdog(Duration idle) {
    this.idle = idle;
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "imagespec-watchdog");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Calls {@code onStall} once nobody has touched the guard for the idle time. */
  Guard guard(Runnable onStall) {
    return new Guard(onStall);
  }

  /** Counts the bytes of one body, in one direction. */
  Pulse pulse() {
    return new Pulse();
  }

  String patience() {
    return idle.toSeconds() + " s";
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** Watches one exchange. */
  final class Guard implements AutoCloseable {
    private final ScheduledFuture<?> check;
    private volatile long touched = System.nanoTime();
    private volatile boolean stalled;

    private Guard(Runnable onStall) {
      long period = Math.max(1, idle.toMillis() / 4);
      check =
          timer.scheduleAtFixedRate(
              () -> {
                if (!stalled && System.nanoTime() - touched > idle.toNanos()) {
                  stalled = true;
                  onStall.run();
                }
              },
              period,
              period,
              TimeUnit.MILLISECONDS);
    }

    /** Something moved. */
    void touch() {
      touched = System.nanoTime();
    }

    boolean hasStalled() {
      return stalled;
    }

    @Override
    public void close() {
      check.cancel(false);
    }
  }

  /** How fast a body moves. Only the time spent waiting for the other side counts. */
  final class Pulse {
    private long bytes;
    private long nanos;

    private Pulse() {}

    void moved(int read) {
      bytes += Math.max(0, read);
    }

    /**
     * Some time was spent waiting.
     *
     * @throws HttpTimeoutException if there was time enough for more bytes than came
     */
    void waited(long time) throws HttpTimeoutException {
      nanos += time;
      if (nanos > idle.toNanos() && bytes < nanos / 1_000_000_000.0 * SLOWEST) {
        throw new HttpTimeoutException(
            "only " + bytes + " bytes moved in " + TimeUnit.NANOSECONDS.toSeconds(nanos) + " s");
      }
    }
  }
}
