package dev.imagespec.registrar.aws;

import java.time.Duration;

/** Waits. */
@FunctionalInterface
interface Sleeper {
  /** This machine's. */
  Sleeper REAL = duration -> Thread.sleep(duration.toMillis());

  void sleep(Duration duration) throws InterruptedException;
}
