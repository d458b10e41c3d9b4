package dev.imagespec.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  @Test
  void whoeverTakesOrGivesHardlyAnythingIsGivenUp() throws IOException {
    try (Watchdog watchdog = new Watchdog(Duration.ofSeconds(60))) {
      Watchdog.Pulse slow = watchdog.pulse();
      slow.moved(16_384);
      slow.waited(Duration.ofSeconds(59).toNanos());
      assertThatThrownBy(() -> slow.waited(Duration.ofSeconds(59).toNanos()))
          .hasMessage("only 16384 bytes moved in 118 s");
      Watchdog.Pulse steady = watchdog.pulse();
      for (int i = 0; i < 1000; i++) {
        steady.moved(262_144);
        steady.waited(Duration.ofSeconds(59).toNanos());
      }
    }
  }

  /** Lets a body come at this speed, in steps of a second, until it is given up. */
  private static int secondsUntilGivenUp(Watchdog.Pulse pulse, int bytesPerSecond) {
    for (int second = 1; second <= 10_000; second++) {
      pulse.moved(bytesPerSecond);
      try {
        pulse.waited(Duration.ofSeconds(1).toNanos());
      } catch (HttpTimeoutException e) {
        return second;
      }
    }
    return Integer.MAX_VALUE;
  }

  @Test
  void aBodyThatNeverEndsIsGivenUpIfItIsSlowerThanAnyLine() {
    try (Watchdog watchdog = new Watchdog(Duration.ofSeconds(60))) {
      assertThat(secondsUntilGivenUp(watchdog.pulse(), 1500)).isBetween(61, 120);
      assertThat(secondsUntilGivenUp(watchdog.pulse(), 100_000 / 8))
          .as("a layer, one of eight on a slow line")
          .isEqualTo(Integer.MAX_VALUE);
    }
  }

  @Test
  void aDocumentHasATimeForItsGreatestSize() {
    try (Watchdog watchdog = new Watchdog(Duration.ofSeconds(60))) {
      Watchdog.Pulse small = watchdog.pulse();
      small.atMost(1 << 16);
      assertThat(secondsUntilGivenUp(small, 100_000)).isBetween(61, 63);
      Watchdog.Pulse large = watchdog.pulse();
      large.atMost(4 << 20);
      assertThat(secondsUntilGivenUp(large, 100_000)).isBetween(180, 200);
    }
  }
}
