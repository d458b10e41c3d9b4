package dev.imagespec.runtime.http;

import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Aborts exchanges that make no progress, or almost none. The JDK's client has a timeout only for
 * the header of an answer: a body, in either direction, may take for ever.
 */
final class Watchdog implements AutoCloseable {
  /**
   * Aborts an exchange that is slower than this, in bytes per second over the whole time waited but
   * the first patience. Several layers may share a slow line.
   */
  private static final long SLOWEST = 4096;

  /** The same for a document, which comes alone, of the greatest size that it may have. */
  private static final long SLOWEST_DOCUMENT = 32 << 10;

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

  /** Measures the speed of one body in one direction. */
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
    private boolean waitsForUs;

    private Guard(Runnable onStall) {
      long period = Math.max(1, idle.toMillis() / 4);
      check =
          timer.scheduleAtFixedRate(
              () -> {
                if (!stalled && !waitsForUs() && System.nanoTime() - touched > idle.toNanos()) {
                  stalled = true;
                  onStall.run();
                }
              },
              period,
              period,
              TimeUnit.MILLISECONDS);
    }

    /** Reports progress of the other side. */
    synchronized void touch() {
      touched = System.nanoTime();
      waitsForUs = false;
      notifyAll();
    }

    /**
     * Reports that the other side waits for us, who read what it gets from somebody else: its time
     * does not pass until the next touch.
     */
    synchronized void rest() {
      waitsForUs = true;
    }

    private synchronized boolean waitsForUs() {
      return waitsForUs;
    }

    /**
     * Waits until it is our turn no more, since whoever we read from may be at fault if the other
     * side gives up while it waits. Reading has a limit of its own; this has one, too.
     */
    synchronized void awaitUs() throws InterruptedException {
      long start = System.nanoTime();
      long left = 2 * idle.toMillis();
      while (waitsForUs && left > 0) {
        wait(left);
        left = 2 * idle.toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      }
    }

    boolean hasStalled() {
      return stalled;
    }

    @Override
    public void close() {
      check.cancel(false);
    }
  }

  /**
   * Measures how fast a body moves. Only the time spent waiting for the other side counts. The
   * longer the body, the longer it may take: never without end.
   */
  final class Pulse {
    private long bytes;
    private long nanos;
    private long longest = Long.MAX_VALUE;

    private Pulse() {}

    /** Sets the time for the whole body, by the number of bytes that it may have. */
    void atMost(long size) {
      longest = idle.toNanos() + nanos(size, SLOWEST_DOCUMENT);
    }

    void moved(int read) {
      bytes += Math.max(0, read);
    }

    /**
     * Adds time spent waiting.
     *
     * @param time the time, in nanoseconds
     * @throws HttpTimeoutException if too few bytes came in the time waited so far
     */
    void waited(long time) throws HttpTimeoutException {
      nanos += time;
      if (nanos > longest || nanos - idle.toNanos() > nanos(bytes, SLOWEST)) {
        throw new HttpTimeoutException(
            "only " + bytes + " bytes moved in " + TimeUnit.NANOSECONDS.toSeconds(nanos) + " s");
      }
    }

    private static long nanos(long bytes, long perSecond) {
      return (long) (bytes * 1_000_000_000.0 / perSecond);
    }
  }
}
