package dev.imagespec.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CongestionTest {
  private long now;
  private final List<Duration> waits = new ArrayList<>();
  private final Congestion congestion =
      new Congestion(
          () -> now,
          time -> {
            waits.add(time);
            now += time.toNanos();
          });

  private List<Integer> enter(int requests) throws InterruptedException {
    List<Integer> tickets = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      tickets.add(congestion.enter());
    }
    return tickets;
  }

  @Test
  void askedToSlowDownHalfAsManyAreSentAtOnce() throws InterruptedException {
    List<Integer> tickets = enter(8);
    congestion.leave(tickets.get(0), true);
    assertThat(congestion.most()).isEqualTo(4);
    // The others were sent before: what they say is no news.
    tickets.subList(1, 8).forEach(ticket -> congestion.leave(ticket, true));
    assertThat(congestion.most()).isEqualTo(4);
    List<Integer> again = enter(4);
    again.forEach(ticket -> congestion.leave(ticket, true));
    assertThat(congestion.most()).isEqualTo(2);
  }

  @Test
  void oneIsAlwaysSentAndAnswersBringMoreBack() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      congestion.leave(congestion.enter(), true);
    }
    assertThat(congestion.most()).isEqualTo(1);
    for (int i = 0; i < 16; i++) {
      congestion.leave(congestion.enter(), false);
    }
    assertThat(congestion.most()).isEqualTo(3);
  }

  @Test
  void whoeverIsOneTooManyWaitsForAnAnswer() throws InterruptedException {
    congestion.leave(congestion.enter(), true);
    int first = congestion.enter();
    CountDownLatch entered = new CountDownLatch(1);
    Thread second =
        new Thread(
            () -> {
              try {
                congestion.leave(congestion.enter(), false);
                entered.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    second.start();
    while (second.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(entered.getCount()).isEqualTo(1);
    congestion.leave(first, false);
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private void refuse(Optional<Duration> retryAfter) throws InterruptedException {
    int ticket = congestion.enter();
    congestion.pause(retryAfter);
    congestion.leave(ticket, true);
  }

  @Test
  void refusedThreeTimesInARowEverybodyWaitsAsLongAsTheServerAsks() throws InterruptedException {
    Optional<Duration> second = Optional.of(Duration.ofSeconds(1));
    refuse(second);
    refuse(second);
    congestion.leave(congestion.enter(), false);
    refuse(second);
    refuse(second);
    refuse(Optional.empty());
    assertThat(waits).isEmpty();
    refuse(second);
    congestion.leave(congestion.enter(), false);
    assertThat(waits).containsExactly(Duration.ofMillis(1001));
    congestion.leave(congestion.enter(), false);
    assertThat(waits).hasSize(1);
  }

  @Test
  void nobodyWaitsLongerThanHalfAMinute() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      refuse(Optional.of(Duration.ofDays(1)));
    }
    congestion.leave(congestion.enter(), false);
    assertThat(waits).containsExactly(Duration.ofMillis(30_001));
  }
}
