package dev.imagespec.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private long now;
  private final Patience patience = new Patience(() -> now);

  private boolean refusedAfter(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
    return patience.refused();
  }

  @Test
  void itEndsTwoMinutesAfterTheFirstRefusal() {
    assertThat(refusedAfter(500)).isTrue();
    assertThat(refusedAfter(119)).isTrue();
    assertThat(patience.isOver()).isFalse();
    assertThat(refusedAfter(1)).isFalse();
    assertThat(patience.isOver()).isTrue();
    assertThat(refusedAfter(0)).as("whoever asks next").isFalse();
  }

  @Test
  void anyProgressRenewsIt() {
    for (int i = 0; i < 9; i++) {
      assertThat(refusedAfter(0)).isTrue();
      assertThat(refusedAfter(119)).isTrue();
      patience.progressed();
    }
    assertThat(patience.isOver()).isFalse();
  }

  @Test
  void whatWasRefusedLongAgoSaysNothingAboutNow() {
    assertThat(refusedAfter(0)).isTrue();
    assertThat(refusedAfter(100)).isTrue();
    assertThat(refusedAfter(20)).isFalse();
    assertThat(refusedAfter(120)).isTrue();
  }
}
