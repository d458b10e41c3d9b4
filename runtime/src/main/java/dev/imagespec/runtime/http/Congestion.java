package dev.imagespec.runtime.http;

/**
 * How many requests to send to a server at the same time. Halved when the server asks to slow down;
 * then raised by one for every few answers. Unlimited until the server first asks.
 */
public final class Congestion {
  private static final int ANSWERS_FOR_ONE_MORE = 8;

  private int most = Integer.MAX_VALUE;
  private int running;
  private int answers;

  /**
   * How often the limit was halved. A request that was sent before the last time says nothing new.
   */
  private int halvings;

  /**
   * Waits until a request may be sent.
   *
   * @return the ticket to pass to {@link #leave}
   */
  public synchronized int enter() throws InterruptedException {
    while (running >= most) {
      wait();
    }
    running++;
    return halvings;
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
    running--;
    notifyAll();
  }

  /** The current limit on requests at the same time. */
  synchronized int most() {
    return most;
  }
}
