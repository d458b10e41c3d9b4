package dev.imagespec.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.testkit.RegistryServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LateClientTest {
  private static final int PATIENCE_SECONDS = 20;

  /** The threads of clients: they wait in native code, for which a JVM that exits waits, too. */
  private static List<Thread> selectors() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().endsWith("-SelectorManager"))
        .toList();
  }

  private static void send(Transport transport, RegistryServer server) throws Exception {
    URI uri = URI.create("http://" + server.registry() + "/v2/");
    try (Reply reply = transport.send("GET", uri, Map.of(), null)) {
      assertThat(reply.status()).isEqualTo(200);
    }
  }

  @Test
  void aClientsThreadIsThereFromTheFirstRequestToTheEnd() throws Exception {
    List<Thread> others = selectors();
    try (RegistryServer server = RegistryServer.anonymous()) {
      List<Thread> own;
      try (Transport transport = new Transport(Duration.ofSeconds(20), Map.of())) {
        assertThat(transport.proxy(URI.create("https://registry.example/v2/"))).isEmpty();
        assertThat(selectors()).as("nothing was sent").isSubsetOf(others);
        send(transport, server);
        send(transport, server);
        own = selectors().stream().filter(thread -> !others.contains(thread)).toList();
        assertThat(own).as("one client for all requests").hasSize(1);
      }
      own.get(0).join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      assertThat(own.get(0).isAlive()).isFalse();
    }
  }

  @Test
  void aClientThatWasExpectedOnlyIsGoneInTheEndToo() throws Exception {
    List<Thread> others = selectors();
    Transport transport = new Transport(Duration.ofSeconds(20), Map.of());
    transport.getReady();
    List<Thread> starting =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("imagespec-http-start"))
            .toList();
    transport.close();
    for (Thread start : starting) {
      start.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      assertThat(start.isAlive()).isFalse();
    }
    for (Thread own : selectors()) {
      if (!others.contains(own)) {
        own.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        assertThat(own.isAlive()).isFalse();
      }
    }
  }

  @Test
  void aClientIsMadeBeforeTheFirstRequestIfOneIsExpected() throws Exception {
    List<Thread> others = selectors();
    try (Transport transport = new Transport(Duration.ofSeconds(20), Map.of())) {
      transport.getReady();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (others.containsAll(selectors()) && System.nanoTime() < end) {
        Thread.sleep(10);
      }
      assertThat(selectors()).as("nothing was sent").hasSizeGreaterThan(others.size());
    }
  }
}
