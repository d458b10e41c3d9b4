package dev.imagespec.runtime.http;

import java.time.Duration;

/** Waits, or in tests notes that it would have. */
@FunctionalInterface
public interface Sleeper {
  /** Waits for real. */
  Sleeper REAL = time -> Thread.sleep(time.toMillis());

  void sleep(Duration time) throws InterruptedException;
}
