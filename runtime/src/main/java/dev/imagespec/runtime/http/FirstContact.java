package dev.imagespec.runtime.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets the first request to a server go ahead, until it is answered or has failed. With HTTP/2, the
 * others then use its connection: of requests that start at the same time, the JDK's client opens
 * one for each, and drops all but one of them.
 */
final class FirstContact {
  private final Duration patience;
  private final Map<String, CountDownLatch> servers = new ConcurrentHashMap<>();

  /**
   * Contacts of one client.
   *
   * @param patience how long others wait for the first request, which may take its own time
   */
  FirstContact(Duration patience) {
    this.patience = patience;
  }

  /** A request's turn. */
  @FunctionalInterface
  interface Turn {
    /** A turn that nobody waits for. */
    Turn FREE = () -> {};

    /** Lets the others go. */
    void over();
  }

  /**
   * Waits until a request may go.
   *
   * @param server its host and port
   * @return its turn, which is over once it is answered or has failed
   */
  Turn turn(String server) throws InterruptedException {
    CountDownLatch own = new CountDownLatch(1);
    CountDownLatch first = servers.putIfAbsent(server, own);
    if (first == null) {
      return own::countDown;
    }
    if (!first.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      // One slow answer is enough.
      first.countDown();
    }
    return Turn.FREE;
  }
}
