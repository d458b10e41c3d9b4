package dev.imagespec.runtime.http;

import java.time.Duration;

/** Waits; in tests, records the waiting time instead. */
@FunctionalInterface
public interface Sleeper {
  /** Really waits. */
  Sleeper REAL = time -> Thread.sleep(time.toMillis());

  void sleep(Duration time) throws InterruptedException;
}
