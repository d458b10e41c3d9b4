package dev.imagespec.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
  @Test
  void eightASecondAreEvenlySpread() throws InterruptedException {
    long[] now = {0};
    List<Duration> slept = new ArrayList<>();
    Pace pace =
        new Pace(
            8,
            () -> now[0],
            time -> {
              slept.add(time);
              now[0] += time.toNanos();
            });
    for (int i = 0; i < 9; i++) {
      pace.await();
    }
    assertThat(slept).hasSize(8).allMatch(time -> time.equals(Duration.ofMillis(125)));
  }
}
