package dev.imagespec.registrar.flyte.connect;

import static dev.imagespec.registrar.flyte.connect.Connections.failure;
import static dev.imagespec.registrar.flyte.connect.Connections.tasks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.registrar.flyte.connect.TestServer.Request;
import dev.imagespec.registrar.flyte.connect.TestServer.Response;
import dev.imagespec.runtime.FailureCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A login with a browser on any device. */
@Timeout(60)
class DeviceLoginTest {
  private static final String DEVICE = "POST /oauth2/device";

  @TempDir Path dir;
  private final TestServer server = TestServer.plain();
  private final Flyte flyte = Flyte.two(server);
  private final Deque<String> errors = new ArrayDeque<>();
  private Connections connections = new Connections(Path.of(""));

  @BeforeEach
  void start() {
    connections = new Connections(dir);
    server.on(DEVICE, invitation("\"interval\":3,\"expires_in\":600")).on(Flyte.TOKEN, this::token);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Response invitation(String more) {
    return Response.json(
        200,
        ("{\"device_code\":\"device-canary\",\"user_code\":\"WDJB-MJHT\","
                + "\"verification_uri\":\"%s/device\",%s}")
            .formatted(server.address(), more));
  }

  private Response token(Request request) {
    if (request.body().contains("refresh_token=renewal-canary")) {
      return flyte.newToken("");
    }
    String error = errors.isEmpty() ? "authorization_pending" : errors.removeFirst();
    return error.isEmpty()
        ? flyte.newToken("renewal-canary")
        : Response.json(400, "{\"error\":\"" + error + "\"}");
  }

  private FlyteConnection connection() {
    return connections.of(
        Map.of("endpoint", server.address().toString(), "auth", "device-flow"), Map.of());
  }

  private static List<Duration> seconds(int... seconds) {
    return Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList();
  }

  @Test
  void itWaitsAsLongAsTheServerSays() {
    errors.addAll(List.of("authorization_pending", "slow_down", "authorization_pending", ""));
    try (FlyteConnection connection = connection()) {
      assertThat(tasks(connection).status()).isEqualTo(200);
      assertThat(connections.time.waits).isEqualTo(seconds(3, 3, 8, 8));
      assertThat(server.requests(DEVICE))
          .singleElement()
          .extracting(Request::body)
          .isEqualTo("audience=https%3A%2F%2Fu&client_id=uctl&scope=all+offline");
      assertThat(server.requests(Flyte.TOKEN).get(0).body())
          .isEqualTo(
              "audience=https%3A%2F%2Fu&client_id=uctl&device_code=device-canary"
                  + "&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"
                  + "&scope=all+offline");
    }
  }

  @Test
  void aTokenThatHasExpiredIsRenewedWithoutAskingAnybody() {
    errors.add("");
    flyte.expiresIn = "60";
    try (FlyteConnection connection = connection()) {
      tasks(connection);
      for (int i = 0; i < 3; i++) {
        connections.time.pass(Duration.ofMinutes(1));
        assertThat(tasks(connection).status()).isEqualTo(200);
      }
      assertThat(flyte.given).hasValue(4);
      assertThat(server.requests(DEVICE)).hasSize(1);
      assertThat(server.requests(Flyte.TOKEN).get(1).body())
          .contains("grant_type=refresh_token", "refresh_token=renewal-canary", "client_id=uctl");
    }
  }

  @Test
  void ifNobodyLogsInItEnds() {
    server.on(DEVICE, invitation("\"interval\":30,\"expires_in\":600"));
    try (FlyteConnection connection = connection()) {
      assertThat(failure(FailureCode.TOKEN_EXPIRED, () -> tasks(connection)))
          .hasMessageContaining("Nobody logged in")
          .hasMessageContaining("client-secret");
      assertThat(server.requests(Flyte.TOKEN)).hasSize(20);
      failure(FailureCode.TOKEN_EXPIRED, () -> tasks(connection));
      assertThat(server.requests(DEVICE)).as("the next task does not ask again").hasSize(1);
    }
  }

  @Test
  void noServerMakesItWaitForEver() {
    server.on(DEVICE, invitation("\"interval\":1e99,\"expires_in\":1e99"));
    try (FlyteConnection connection = connection()) {
      failure(FailureCode.TOKEN_EXPIRED, () -> tasks(connection));
      assertThat(connections.time.waits).hasSize(10).containsOnly(Duration.ofSeconds(60));
    }
  }

  @Test
  void aRefusalIsToldApart() {
    errors.add("access_denied");
    try (FlyteConnection connection = connection()) {
      assertThat(failure(FailureCode.UNAUTHORIZED, () -> tasks(connection)))
          .hasMessageContaining("access_denied");
    }
    errors.add("expired_token");
    try (FlyteConnection connection = connection()) {
      failure(FailureCode.TOKEN_EXPIRED, () -> tasks(connection));
    }
    server.on(DEVICE, Response.json(400, "{\"error\":\"unauthorized_client\"}"));
    try (FlyteConnection connection = connection()) {
      assertThat(failure(FailureCode.UNAUTHORIZED, () -> tasks(connection)))
          .hasMessageContaining("unauthorized_client")
          .hasMessageContaining("let this client use the device flow");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"device_code\":\"x\",\"user_code\":\"y\"}",
        "{\"device_code\":\"x\",\"user_code\":\"y\",\"verification_uri\":\"javascript:alert(1)\"}",
        "{\"device_code\":\"x\",\"user_code\":\"y\",\"verification_uri\":\"http://evil.example/\"}",
        "{\"device_code\":\"x\",\"user_code\":\"y\",\"verification_uri\":\"https://union.ai@evil.example/\"}",
        "{\"device_code\":\"\",\"user_code\":\"y\",\"verification_uri\":\"https://a.example/\"}"
      })
  void nobodyIsSentToAPageThatIsNone(String answer) {
    server.on(DEVICE, Response.json(200, answer));
    try (FlyteConnection connection = connection()) {
      assertThat(failure(FailureCode.PROTOCOL, () -> tasks(connection)))
          .hasMessageContaining("does not say where to log in");
      assertThat(server.requests(Flyte.TOKEN)).isEmpty();
    }
  }

  @Test
  void anEndpointWithoutThisWaySaysSo() {
    server.on(
        Flyte.SERVICE + "GetOAuth2Metadata",
        Response.json(200, "{\"tokenEndpoint\":\"" + server.address() + "/oauth2/token\"}"));
    try (FlyteConnection connection = connection()) {
      assertThat(failure(FailureCode.UNSUPPORTED, () -> tasks(connection)))
          .hasMessageContaining("no device endpoint");
    }
  }

  @Test
  void doctorWaitsForNobody() {
    try (FlyteConnection connection = connection()) {
      assertThat(connection.examine())
          .last()
          .satisfies(finding -> assertThat(finding.status()).hasToString("not probed"));
      assertThat(server.requests(DEVICE)).isEmpty();
    }
  }
}
