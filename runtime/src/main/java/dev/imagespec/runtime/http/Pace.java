package dev.imagespec.runtime.http;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Lets a number of things happen each second, evenly spread. */
final class Pace {
  private final long nanosBetween;
  private final LongSupplier nanoTime;
  private final Sleeper sleeper;
  private long next;
  private boolean started;

  Pace(double perSecond, LongSupplier nanoTime, Sleeper sleeper) {
    this.nanosBetween = (long) (1_000_000_000L / perSecond);
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
  }

  /** Waits until it is this caller's turn. */
  void await() throws InterruptedException {
    long wait;
    synchronized (this) {
      long now = nanoTime.getAsLong();
      long turn = started ? Math.max(now, next) : now;
      started = true;
      next = turn + nanosBetween;
      wait = turn - now;
    }
    if (wait > 0) {
      sleeper.sleep(Duration.ofNanos(wait));
    }
  }
}
