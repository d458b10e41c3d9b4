package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.runtime.http.Sleeper;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that goes on only when somebody waits, or a test says so. */
final class Time {
  final List<Duration> waits = new CopyOnWriteArrayList<>();
  private final AtomicLong now = new AtomicLong();

  long now() {
    return now.get();
  }

  void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  Sleeper sleeper() {
    return time -> {
      waits.add(time);
      pass(time);
    };
  }
}
