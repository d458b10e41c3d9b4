package dev.imagespec.runtime.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
        steady.moved(65_536);
        steady.waited(Duration.ofSeconds(59).toNanos());
      }
    }
  }
}
