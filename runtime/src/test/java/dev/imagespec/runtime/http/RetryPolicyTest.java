package dev.imagespec.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.runtime.FailureCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of a server that does not answer. */
class RetryPolicyTest {
  private static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new ConnectException(), "connection refused"),
        Arguments.of(new ConnectException("Connection refused"), "connection refused"),
        Arguments.of(caused(new ConnectException(), new ClosedChannelException()), "refused"),
        Arguments.of(
            caused(new ConnectException(), new UnresolvedAddressException()), "no host of this"),
        Arguments.of(new UnknownHostException("x"), "no host of this name"),
        Arguments.of(new ConnectException("Network is unreachable"), "Network is unreachable"),
        Arguments.of(new HttpConnectTimeoutException("x"), "not accepted in time"),
        Arguments.of(new IOException("Connection reset"), "Connection reset"),
        Arguments.of(new ClosedChannelException(), "ClosedChannelException"));
  }

  private static IOException caused(IOException e, Throwable cause) {
    e.initCause(cause);
    return e;
  }

  @ParameterizedTest
  @MethodSource("failures")
  void theReasonIsSaid(IOException failure, String reason) {
    assertThat(RetryPolicy.unreachable("localhost:5999", failure))
        .hasMessageStartingWith("localhost:5999 cannot be reached: ")
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.UNREACHABLE));
  }

  @Test
  void aPortWhereNothingListensRefuses() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (Transport transport = new Transport(Duration.ofSeconds(5), Map.of())) {
      RetryPolicy once = new RetryPolicy(1, time -> {}, () -> 1);
      URI uri = URI.create("http://127.0.0.1:" + port + "/v2/");
      assertThatThrownBy(
              () ->
                  once.call("127.0.0.1:" + port, () -> transport.send("GET", uri, Map.of(), null)))
          .hasMessageContaining("127.0.0.1:" + port)
          .hasMessageContaining("connection refused");
    }
  }
}
