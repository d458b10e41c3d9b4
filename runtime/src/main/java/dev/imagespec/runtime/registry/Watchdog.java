package dev.imagespec.runtime.registry;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends exchanges in which nothing moves any more. The JDK's client has a deadline for an answer's
 * header alone: a body may take for ever, in either direction.
 */
final class Watchdog implements AutoCloseable {
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
}
