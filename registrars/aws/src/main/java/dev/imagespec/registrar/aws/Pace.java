package dev.imagespec.registrar.aws;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Lets some changes through at once, and then a number each second: what a service takes without
 * asking to slow down.
 */
final class Pace {
  private static final long SECOND = 1_000_000_000;

  private final long between;
  private final long ahead;
  private final LongSupplier nanoTime;
  private final Sleeper sleeper;
  private long next;
  private boolean started;

  Pace(double perSecond, int burst, LongSupplier nanoTime, Sleeper sleeper) {
    this.between = (long) (SECOND / perSecond);
    this.ahead = between * (burst - 1);
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
  }

  /** Waits until it is this caller's turn. */
  void await() throws InterruptedException {
    long wait;
    synchronized (this) {
      long now = nanoTime.getAsLong();
      long turn = started ? Math.max(next, now - ahead) : now - ahead;
      started = true;
      next = turn + between;
      wait = turn - now;
    }
    if (wait > 0) {
      sleeper.sleep(Duration.ofNanos(wait));
    }
  }
}
