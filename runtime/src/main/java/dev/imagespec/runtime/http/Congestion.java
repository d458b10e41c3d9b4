package dev.imagespec.runtime.http;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How fast to send requests to a server that asks to slow down. Limits the requests at the same
 * time: halved when the server asks; then raised by one for every few answers. Unlimited until the
 * server first asks. If it refuses several requests in a row and says how long to wait, nobody
 * sends it a request before that time is over.
 */
public final class Congestion {
  private static final int ANSWERS_FOR_ONE_MORE = 8;

  /**
   * From the third refusal in a row, all requests pause. A single one may be chance: then only its
   * own operation waits.
   */
  private static final int REFUSALS_BEFORE_PAUSE = 2;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final LongSupplier nanoTime;
  private final Sleeper sleeper;
  private int most = Integer.MAX_VALUE;
  private int running;
  private int answers;
  private int refusals;
  private long pausedUntil;

  /**
   * How often the limit was halved. A request that was sent before the last time says nothing new.
   */
  private int halvings;

  Congestion(LongSupplier nanoTime, Sleeper sleeper) {
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
    this.pausedUntil = nanoTime.getAsLong();
  }

  /**
   * Waits until a request may be sent.
   *
   * @return the ticket to pass to {@link #leave}
   */
  public int enter() throws InterruptedException {
    while (true) {
      long pause;
      synchronized (this) {
        while (running >= most) {
          wait();
        }
        pause = pausedUntil - nanoTime.getAsLong();
        if (pause <= 0) {
          running++;
          return halvings;
        }
      }
      sleeper.sleep(Duration.ofMillis(Duration.ofNanos(pause).toMillis() + 1));
    }
  }

  /**
   * Reports that a request was answered, or lost.
   *
   * @param ticket what {@link #enter} returned
   * @param throttled whether the server asked to slow down
   */
  public synchronized void leave(int ticket, boolean throttled) {
    if (throttled && ticket == halvings) {
      most = Math.max(1, Math.min(most, running) / 2);
      halvings++;
      answers = 0;
    } else if (!throttled && most < Integer.MAX_VALUE && ++answers == ANSWERS_FOR_ONE_MORE) {
      most++;
      answers = 0;
    }
    refusals = throttled ? refusals + 1 : 0;
    running--;
    notifyAll();
  }

  /**
   * Reports how long the server asks to wait, before the refused request leaves. If it keeps
   * refusing, everybody waits that long.
   *
   * @param time what it asks for with its refusal; empty if it does not say
   */
  public synchronized void pause(Optional<Duration> time) {
    if (time.isEmpty() || refusals < REFUSALS_BEFORE_PAUSE) {
      return;
    }
    Duration pause = time.get().compareTo(LONGEST_PAUSE) < 0 ? time.get() : LONGEST_PAUSE;
    long until = nanoTime.getAsLong() + pause.toNanos();
    if (until - pausedUntil > 0) {
      pausedUntil = until;
    }
  }

  /** The current limit on requests at the same time. */
  synchronized int most() {
    return most;
  }
}
