package dev.imagespec.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.testkit.TlsCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FirstContactTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int REQUESTS = 5;

  /** How long to look for what must not happen. */
  private static final int MOMENT_MILLIS = 300;

  @TempDir Path dir;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private Future<FirstContact.Turn> turn(FirstContact contact) {
    return threads.submit(() -> contact.turn("a.example:443"));
  }

  @Test
  void theOthersWaitUntilTheFirstTurnIsOver() throws Exception {
    FirstContact contact = new FirstContact(LONG);
    FirstContact.Turn first = contact.turn("a.example:443");
    List<Future<FirstContact.Turn>> others = List.of(turn(contact), turn(contact));
    assertThatThrownBy(() -> others.get(1).get(MOMENT_MILLIS, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    assertThat(others).noneMatch(Future::isDone);
    first.over();
    for (Future<FirstContact.Turn> other : others) {
      // Of these, nobody waits for another.
      assertThat(other.get()).isSameAs(FirstContact.Turn.FREE);
    }
    assertThat(turn(contact).get()).isSameAs(FirstContact.Turn.FREE);
  }

  @Test
  void nobodyWaitsForAnotherServer() throws Exception {
    FirstContact contact = new FirstContact(LONG);
    assertThat(contact.turn("a.example:443")).isNotSameAs(FirstContact.Turn.FREE);
    assertThat(contact.turn("b.example:443")).isNotSameAs(FirstContact.Turn.FREE);
  }

  @Test
  void aSlowFirstAnswerIsWaitedForOnce() throws Exception {
    Duration patience = Duration.ofMillis(MOMENT_MILLIS);
    FirstContact contact = new FirstContact(patience);
    assertThat(contact.turn("a.example:443")).isNotSameAs(FirstContact.Turn.FREE);
    long start = System.nanoTime();
    assertThat(turn(contact).get()).isSameAs(FirstContact.Turn.FREE);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(patience);
    for (int i = 0; i < 500; i++) {
      // Each would wait, and all of them for longer than this test may take.
      assertThat(turn(contact).get()).isSameAs(FirstContact.Turn.FREE);
    }
  }

  /**
   * What must not happen, would without the first contact: the server waits for a moment for it.
   */
  @Test
  void requestsThatStartTogetherOpenOneConnectionUntilItIsAnswered() throws Exception {
    TlsCertificate certificate = TlsCertificate.of(dir);
    byte[] pem = certificate.certificatePem().getBytes(StandardCharsets.UTF_8);
    try (SSLServerSocket server = server(certificate);
        Transport transport =
            new Transport(Duration.ofSeconds(20), Map.of(), Authorities.read(pem))) {
      URI uri = URI.create("https://localhost:" + server.getLocalPort() + "/v2/");
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        answers.add(
            threads.submit(
                () -> {
                  try (Reply reply = transport.send("HEAD", uri, Map.of(), null)) {
                    return reply.status();
                  }
                }));
      }
      try (SSLSocket first = (SSLSocket) server.accept()) {
        readHead(first);
        server.setSoTimeout(MOMENT_MILLIS);
        assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
        answer(first);
      }
      server.setSoTimeout(0);
      for (int i = 1; i < REQUESTS; i++) {
        try (SSLSocket next = (SSLSocket) server.accept()) {
          readHead(next);
          answer(next);
        }
      }
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isEqualTo(200);
      }
    }
  }

  private static SSLServerSocket server(TlsCertificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(certificate.trustStore())) {
      store.load(in, TlsCertificate.PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, TlsCertificate.PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return (SSLServerSocket)
        context
            .getServerSocketFactory()
            .createServerSocket(0, REQUESTS, InetAddress.getLoopbackAddress());
  }

  private static void readHead(SSLSocket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = socket.getInputStream().read();
      if (c < 0) {
        throw new IOException("the request broke off: " + head);
      }
      head.append((char) c);
    }
  }

  private static void answer(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }
}
