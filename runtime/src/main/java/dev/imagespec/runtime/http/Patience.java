package dev.imagespec.runtime.http;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long to go on asking a server that refuses because it wants to be asked more slowly: a time
 * without any progress, not a number of tries. While other operations succeed, the turn of a
 * refused one comes, too; once they stop, all are given up together.
 */
public final class Patience {
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final LongSupplier nanoTime;

  /** Whether an operation was refused since the last progress; then the times are set. */
  private boolean isRefused;

  private long firstRefused;
  private long lastRefused;

  Patience(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Reports that a whole operation succeeded. A single request is no progress: the first of an
   * operation may succeed for ever, and its second one never.
   */
  synchronized void progressed() {
    isRefused = false;
  }

  /**
   * Reports that an operation was refused.
   *
   * @return whether to try it again
   */
  synchronized boolean refused() {
    long now = nanoTime.getAsLong();
    if (!isRefused || now - lastRefused >= LONGEST.toNanos()) {
      // What was refused long ago says nothing about now.
      isRefused = true;
      firstRefused = now;
    }
    lastRefused = now;
    return !isOver();
  }

  /** Whether operations that are refused are no longer tried again. */
  public synchronized boolean isOver() {
    return isRefused && lastRefused - firstRefused >= LONGEST.toNanos();
  }
}
