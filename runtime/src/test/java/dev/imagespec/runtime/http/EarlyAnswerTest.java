package dev.imagespec.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.TlsCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An answer that comes before the body has gone up, as a proxy gives it that has a limit. */
@Timeout(60)
class EarlyAnswerTest {
  private static final int SIZE = 20 << 20;

  @TempDir Path dir;

  private static Body zeros(int size) {
    return Body.of(new byte[size]);
  }

  /** Debian's nginx, which speaks HTTP/2, and takes bodies of a megabyte. */
  @ParameterizedTest
  @CsvSource({"/large, 413", "/forbidden, 403"})
  void nginxsAnswerIsRead(String path, int status) throws Exception {
    Optional<String> missing = ExternalTool.missing("nginx");
    assumeTrue(missing.isEmpty(), missing.orElse(""));
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    TlsCertificate certificate = TlsCertificate.of(dir);
    Files.writeString(dir.resolve("tls.pem"), certificate.certificatePem());
    Files.writeString(dir.resolve("tls.key"), certificate.privateKeyPem());
    Path configuration = Files.writeString(dir.resolve("nginx.conf"), configuration(port));
    SSLContext before = SSLContext.getDefault();
    Process nginx =
        new ProcessBuilder(
                ExternalTool.find("nginx").orElseThrow().toString(),
                "-p",
                dir.toString(),
                "-c",
                configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("nginx.log").toFile())
            .start();
    try {
      SSLContext.setDefault(trusting(certificate));
      awaitPort(port);
      try (Transport transport = new Transport(Duration.ofSeconds(20), Map.of())) {
        for (int size : new int[] {SIZE, 2 << 20, SIZE}) {
          try (Reply reply =
              transport.send(
                  "PUT", URI.create("https://localhost:" + port + path), Map.of(), zeros(size))) {
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.errorText()).contains("nginx");
          }
        }
        assertThat(transport.requests()).isEqualTo(3);
      }
    } finally {
      SSLContext.setDefault(before);
      nginx.destroy();
      assertThat(nginx.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private String configuration(int port) {
    StringBuilder folders = new StringBuilder();
    for (String use : new String[] {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
      folders.append(use).append("_temp_path ").append(dir.resolve(use)).append("; ");
    }
    return "daemon off; pid "
        + dir.resolve("pid")
        + "; error_log stderr; events {} http { access_log off; "
        + folders
        + "client_max_body_size 1m; server { listen 127.0.0.1:"
        + port
        + " ssl http2; ssl_certificate tls.pem; ssl_certificate_key tls.key;"
        + " location /large { proxy_pass http://127.0.0.1:9; }"
        + " location /forbidden { client_max_body_size 0; return 403; } } }";
  }

  private static SSLContext trusting(TlsCertificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(certificate.trustStore())) {
      store.load(in, TlsCertificate.PASSWORD.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", store.getCertificate("server"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static void awaitPort(int port) throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(socket.isConnected()).isTrue();
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    throw new IllegalStateException("nginx does not listen");
  }

  /** It answers and hangs up at once, so that the answer is lost; asked first, it is not. */
  @Test
  void aServerThatHangsUpOnABodyIsAskedBeforeTheNextOne() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Transport transport = new Transport(Duration.ofSeconds(10), Map.of())) {
      Thread thread = new Thread(() -> hangUp(server), "hangs-up");
      thread.setDaemon(true);
      thread.start();
      URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/x");
      assertThatThrownBy(() -> transport.send("PUT", uri, Map.of(), zeros(SIZE)))
          .isInstanceOf(IOException.class);
      try (Reply reply = transport.send("PUT", uri, Map.of(), zeros(SIZE))) {
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.errorText()).isEmpty();
      }
    }
  }

  private static void hangUp(ServerSocket server) {
    for (int i = 0; i < 2; i++) {
      try (Socket socket = server.accept()) {
        byte[] head = new byte[4096];
        int n = socket.getInputStream().read(head);
        boolean asks =
            new String(head, 0, n, StandardCharsets.ISO_8859_1)
                .toLowerCase(Locale.ROOT)
                .contains("expect: 100-continue");
        if (asks) {
          socket
              .getOutputStream()
              .write(
                  "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"
                      .getBytes(StandardCharsets.ISO_8859_1));
          socket.getOutputStream().flush();
          Thread.sleep(1000);
        } else {
          // Resets the connection.
          socket.setSoLinger(true, 0);
        }
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
