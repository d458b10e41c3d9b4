package dev.imagespec.runtime.http;

/**
 * How many requests a server gets at once: half as many after it asks to slow down, and one more
 * for every few that it has answered since. Until it first asks, as many as are sent.
 */
public final class Congestion {
  private static final int ANSWERS_FOR_ONE_MORE = 8;

  private int most = Integer.MAX_VALUE;
  private int running;
  private int answers;

  /** How often it was halved; a request that was sent before the last time says nothing new. */
  private int halvings;

  /**
   * Returns when a request may be sent.
   *
   * @return what to give back to {@link #leave}
   */
  public synchronized int enter() throws InterruptedException {
    while (running >= most) {
      wait();
    }
    running++;
    return halvings;
  }

  /**
   * Says that a request was answered, or lost.
   *
   * @param ticket what {@link #enter} returned
   * @param throttled whether the answer was to slow down
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
    running--;
    notifyAll();
  }

  /** How many requests are sent at once now. */
  synchronized int most() {
    return most;
  }
}
