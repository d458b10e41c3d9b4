package dev.imagespec.registrar.flyte.connect;

import static dev.imagespec.registrar.flyte.connect.Connections.failure;
import static dev.imagespec.registrar.flyte.connect.Connections.tasks;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.imagespec.registrar.flyte.connect.TestServer.Request;
import dev.imagespec.registrar.flyte.connect.TestServer.Response;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.testkit.TlsCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client's id and secret, against a real token endpoint. */
@Timeout(60)
class ClientSecretTest {
  @TempDir Path dir;
  private final TestServer server = TestServer.plain();
  private Connections connections = new Connections(Path.of(""));

  @BeforeEach
  void start() {
    connections = new Connections(dir);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void flyteOneTellsByItsGatewayWhoGivesTokens() {
    Flyte.one(server);
    try (FlyteConnection connection = connections.with(server)) {
      assertThat(tasks(connection).status()).isEqualTo(200);
      assertThat(tasks(connection).body().path("tasks").isArray()).isTrue();
      assertThat(server.requests(Flyte.TOKEN))
          .singleElement()
          .satisfies(
              request -> {
                assertThat(request.header("Authorization")).isEqualTo(Flyte.BASIC);
                assertThat(request.body()).isEqualTo("grant_type=client_credentials&scope=all");
              });
      assertThat(server.requests(Flyte.TASKS))
          .hasSize(2)
          .allSatisfy(
              request -> {
                assertThat(request.header("flyte-authorization"))
                    .isEqualTo("Bearer token-canary-1");
                assertThat(request.header("Authorization")).isEmpty();
              });
      assertThat(connection.requests()).isEqualTo(5).isEqualTo(server.requests().size());
    }
  }

  @Test
  void flyteTwoTellsByTheConnectProtocol() {
    Flyte.two(server);
    try (FlyteConnection connection = connections.with(server)) {
      assertThat(tasks(connection).status()).isEqualTo(200);
      assertThat(server.requests(Flyte.TOKEN))
          .singleElement()
          .extracting(Request::body)
          .isEqualTo("audience=https%3A%2F%2Fu&grant_type=client_credentials&scope=all+offline");
      assertThat(server.requests(Flyte.SERVICE + "GetOAuth2Metadata"))
          .singleElement()
          .satisfies(
              request -> {
                assertThat(request.body()).isEqualTo("{}");
                assertThat(request.header("Content-Type")).isEqualTo("application/json");
                assertThat(request.header("Authorization")).isEmpty();
              });
      assertThat(server.requests(Flyte.TASKS).get(0).header("Authorization"))
          .isEqualTo("Bearer token-canary-1");
    }
  }

  @Test
  void whatIsConfiguredGoesBeforeWhatTheEndpointSays() throws IOException {
    Flyte flyte = Flyte.two(server);
    flyte.header = "x-my-auth";
    server.on("POST /own/token", flyte::token);
    Path file = Files.createDirectories(dir.resolve("project")).resolve("flyte.yaml");
    Files.writeString(
        file,
        "admin: {endpoint: 'localhost:%d', tokenUrl: '%s/own/token', authorizationHeader: x-my-auth}"
            .formatted(server.port(), server.address()));
    try (FlyteConnection connection =
        connections.with(
            server,
            "config",
            "flyte.yaml",
            "insecure",
            "true",
            "scopes",
            "a, b",
            "audience",
            "me")) {
      assertThat(tasks(connection).status()).isEqualTo(200);
      assertThat(server.requests("POST /own/token"))
          .singleElement()
          .extracting(Request::body)
          .isEqualTo("audience=me&grant_type=client_credentials&scope=a+b");
      assertThat(server.requests(Flyte.SERVICE + "GetPublicClientConfig")).isEmpty();
    }
  }

  @Test
  void aServerThatTakesTheSecretOnlyInTheFormGetsItThere() {
    Flyte.one(server);
    server.on(
        Flyte.METADATA,
        Response.json(
            200,
            ("{\"token_endpoint\":\"%s/oauth2/token\","
                    + "\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]}")
                .formatted(server.address())));
    try (FlyteConnection connection = connections.with(server)) {
      assertThat(tasks(connection).status()).isEqualTo(200);
      assertThat(server.requests(Flyte.TOKEN).get(0).header("Authorization")).isEmpty();
    }
  }

  @Test
  void anApiKeyIsAClientWithItsSecret() {
    Flyte.two(server);
    String key =
        Base64.getEncoder()
            .encodeToString(
                "http://localhost:%d:plain-client:%s:acme"
                    .formatted(server.port(), Flyte.SECRET)
                    .getBytes(StandardCharsets.UTF_8));
    server.on(
        Flyte.TOKEN,
        request ->
            request.header("Authorization").startsWith("Basic cGxhaW4tY2xpZW50O")
                ? Response.json(200, "{\"access_token\":\"x\"}")
                : Response.json(200, "{\"access_token\":\"plain-token\"}"));
    server.on(
        Flyte.TASKS,
        request -> Response.json(request.header("Authorization").isEmpty() ? 401 : 200, "{}"));
    try (FlyteConnection connection = connections.of(Map.of(), Map.of("FLYTE_API_KEY", key))) {
      assertThat(connection.org()).hasValue("acme");
      assertThat(tasks(connection).status()).isEqualTo(200);
      assertThat(connection.described())
          .contains("FLYTE_API_KEY", "plain-client")
          .doesNotContain(Flyte.SECRET, key);
    }
  }

  @Test
  void allTasksTogetherAskForOneToken() throws Exception {
    Flyte flyte = Flyte.one(server);
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try (FlyteConnection connection = connections.with(server)) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        answers.add(threads.submit(() -> tasks(connection).status()));
      }
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isEqualTo(200);
      }
      assertThat(flyte.given).hasValue(1);
      assertThat(server.requests(Flyte.METADATA)).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aTokenIsRenewedBeforeItExpires() {
    Flyte flyte = Flyte.one(server);
    try (FlyteConnection connection = connections.with(server)) {
      tasks(connection);
      connections.time.pass(Duration.ofSeconds(3600 - 61));
      tasks(connection);
      assertThat(flyte.given).as("it is good for one more minute").hasValue(1);
      connections.time.pass(Duration.ofSeconds(1));
      tasks(connection);
      assertThat(flyte.given).hasValue(2);
      assertThat(server.requests(Flyte.TASKS).stream().map(one -> one.header(flyte.header)))
          .containsExactly(
              "Bearer token-canary-1", "Bearer token-canary-1", "Bearer token-canary-2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "\"10\"", "10.5"})
  void aShortTimeLeavesATenth(String expiresIn) {
    Flyte flyte = Flyte.one(server);
    flyte.expiresIn = expiresIn;
    try (FlyteConnection connection = connections.with(server)) {
      tasks(connection);
      connections.time.pass(Duration.ofMillis(8900));
      tasks(connection);
      assertThat(flyte.given).hasValue(1);
      connections.time.pass(Duration.ofMillis(200));
      tasks(connection);
      assertThat(flyte.given).hasValue(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-5", "null", "\"soon\"", "[]", "1e99"})
  void aTimeThatSaysNothingLastsUntilTheEndpointRejects(String expiresIn) {
    Flyte flyte = Flyte.one(server);
    flyte.expiresIn = expiresIn;
    try (FlyteConnection connection = connections.with(server)) {
      tasks(connection);
      connections.time.pass(Duration.ofDays(1));
      tasks(connection);
      assertThat(flyte.given).hasValue(1);
    }
  }

  @Test
  void aRejectedTokenIsRenewedOnceAndTheRequestIsSentAgain() {
    Flyte flyte = Flyte.one(server);
    try (FlyteConnection connection = connections.with(server)) {
      tasks(connection);
      flyte.good.clear();
      assertThat(
              connection
                  .send(
                      "POST",
                      "/api/v1/tasks",
                      Map.of(),
                      JsonNodeFactory.instance.objectNode().put("a", 1))
                  .status())
          .isEqualTo(200);
      assertThat(server.requests("POST /api/v1/tasks"))
          .extracting(Request::body)
          .containsExactly("{\"a\":1}", "{\"a\":1}");
      assertThat(flyte.given).hasValue(2);
    }
  }

  @Test
  void anEndpointThatRejectsANewTokenIsNotAskedForEver() {
    Flyte.one(server);
    server.on(
        Flyte.TASKS,
        request ->
            Response.json(
                401,
                "{\"code\":16,\"message\":\"no " + request.header("flyte-authorization") + "\"}"));
    try (FlyteConnection connection = connections.with(server)) {
      assertThat(failure(FailureCode.UNAUTHORIZED, () -> tasks(connection)))
          .hasMessageContaining("rejects a new token")
          .hasMessageContaining("scopes and audience")
          .hasMessageContaining("It says: no Bearer ***");
      assertThat(server.requests(Flyte.TASKS)).hasSize(2);
    }
  }

  @Test
  void aTokenThatHasExpiredIsToldApart() {
    Flyte.one(server);
    server.on(
        Flyte.TASKS,
        Response.json(401, "{}")
            .with("WWW-Authenticate", "Bearer error_description=\"The token has Expired\""));
    try (FlyteConnection connection = connections.with(server)) {
      assertThat(failure(FailureCode.TOKEN_EXPIRED, () -> tasks(connection)))
          .hasMessageContaining("Log in again");
    }
  }

  @Test
  void aWrongSecretIsTriedOnceForAllTasks() {
    Flyte.one(server);
    try (FlyteConnection connection = connections.withSecret(server, "wrong-canary-1")) {
      for (int i = 0; i < 5; i++) {
        assertThat(failure(FailureCode.UNAUTHORIZED, () -> tasks(connection)))
            .hasMessageStartingWith(
                "localhost:%d gives no token with the secret of client ci:robot from"
                        .formatted(server.port())
                    + " imagespec.flyte.client-secret-env: invalid_client (who is Basic ***")
            .hasMessageEndingWith(
                "Check the client's id and secret, and that it may have the scopes all.");
      }
      assertThat(server.requests(Flyte.TOKEN)).hasSize(1);
      assertThat(server.requests(Flyte.TASKS)).isEmpty();
    }
  }

  @Test
  void anAuthorityOfOnesOwnIsTrustedOnlyIfItIsNamed() throws IOException {
    TlsCertificate certificate = TlsCertificate.of(dir);
    Files.writeString(dir.resolve("ca.pem"), "# ours\n" + certificate.certificatePem());
    try (TestServer tls = TestServer.tls(certificate)) {
      Flyte.two(tls);
      try (FlyteConnection connection = connections.with(tls)) {
        assertThat(failure(FailureCode.UNREACHABLE, () -> tasks(connection)))
            .hasMessageContaining("imagespec.flyte.ca-file")
            .hasMessageContaining("cannot be reached");
        assertThat(connections.time.waits).as("the next try would get the same").isEmpty();
      }
      assertThat(tls.requests()).isEmpty();
      try (FlyteConnection connection =
          connections.with(tls, "ca-file", dir.resolve("ca.pem").toString())) {
        assertThat(tasks(connection).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void doctorSaysStepByStep() {
    Flyte.two(server);
    try (FlyteConnection connection = connections.with(server)) {
      assertThat(connection.examine())
          .extracting(finding -> finding.check() + ": " + finding.status())
          .containsExactly(
              "configuration: ok", "reach: ok", "token endpoint: ok", "credentials: ok");
    }
    try (FlyteConnection connection = connections.withSecret(server, "wrong-canary-1")) {
      assertThat(connection.examine())
          .last()
          .satisfies(
              finding -> {
                assertThat(finding.status()).hasToString("failed");
                assertThat(finding.message()).contains("invalid_client");
              });
    }
    server.close();
    try (FlyteConnection connection = connections.with(server)) {
      assertThat(connection.examine())
          .extracting(finding -> finding.check() + ": " + finding.status())
          .containsExactly("configuration: ok", "reach: failed");
    }
  }
}
