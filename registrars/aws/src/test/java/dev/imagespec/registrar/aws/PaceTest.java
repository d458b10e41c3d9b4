package dev.imagespec.registrar.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final AtomicLong now = new AtomicLong();
  private final List<Duration> waits = new ArrayList<>();
  private final Pace pace = new Pace(1, 3, now::get, waits::add);

  @Test
  void someGoAtOnceAndThenOneASecond() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      pace.await();
    }
    assertThat(waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void timeThatPassesLetsMoreGo() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      pace.await();
    }
    now.set(Duration.ofSeconds(100).toNanos());
    for (int i = 0; i < 3; i++) {
      pace.await();
    }
    assertThat(waits).as("no more than at first").isEmpty();
    pace.await();
    assertThat(waits).containsExactly(Duration.ofSeconds(1));
  }
}
