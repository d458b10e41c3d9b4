package dev.imagespec.registrar.flyte.connect;

import static dev.imagespec.registrar.flyte.connect.Connections.failure;
import static dev.imagespec.registrar.flyte.connect.Connections.tasks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.registrar.flyte.connect.TestServer.Response;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.testkit.TlsCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Endpoints and authorization servers that are broken, misconfigured, or want what is not theirs.
 */
@Timeout(60)
class HostileServerTest {
  @TempDir Path dir;
  private final TestServer server = TestServer.plain();
  private final TestServer other = TestServer.plain();
  private final Flyte flyte = Flyte.one(server);
  private Connections connections = new Connections(Path.of(""));

  @BeforeEach
  void start() {
    connections = new Connections(dir);
  }

  @AfterEach
  void stop() {
    server.close();
    other.close();
  }

  private ImageSpecException fails(FailureCode code) {
    try (FlyteConnection connection = connections.with(server)) {
      ImageSpecException failure = failure(code, () -> tasks(connection));
      assertThat(failure.getMessage()).doesNotContain("canary");
      return failure;
    }
  }

  @Test
  void aPageForPeopleIsNotTakenForAnAnswer() {
    server.on(Flyte.TASKS, Response.html(200, "<html>Please\n\u001b[31mlog in</html>"));
    assertThat(fails(FailureCode.PROTOCOL))
        .hasMessage(
            "%s does not answer with JSON, but with text/html: <html>Please [31mlog in</html>. Is it the address of the Flyte API, and not of a page for people?"
                .formatted(server.address()));
  }

  @Test
  void anErrorThatIsNoJsonIsATextForTheCaller() {
    server.on(Flyte.TASKS, Response.html(404, "<html>nothing\nhere"));
    try (FlyteConnection connection = connections.with(server)) {
      FlyteConnection.Answer answer = tasks(connection);
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body().isTextual()).isTrue();
      assertThat(answer.body().asText()).isEqualTo("<html>nothing here");
      assertThat(answer.headers()).containsEntry("content-TYPE", "text/html");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsNotFollowed(int status) {
    server.on(Flyte.TASKS, Response.to(status, other.address() + "/login?token=x"));
    assertThat(fails(FailureCode.PROTOCOL))
        .hasMessageContaining("redirects to localhost, perhaps to a page for people to log in");
    server.on(Flyte.TOKEN, Response.to(status, other.address() + "/oauth2/token"));
    assertThat(fails(FailureCode.PROTOCOL)).hasMessageContaining("No secret was sent there");
    assertThat(other.requests()).isEmpty();
  }

  @Test
  void anAnswerWithoutEndIsNotReadToItsEnd() {
    server.on(Flyte.TASKS, Response.json(200, "[" + " ".repeat(17 << 20) + "]"));
    assertThat(fails(FailureCode.PROTOCOL)).hasMessageContaining("is longer than 16777216 bytes");
    server.on(Flyte.TOKEN, Response.json(200, "{" + " ".repeat(1 << 20) + "}"));
    assertThat(fails(FailureCode.PROTOCOL)).hasMessageContaining("is longer than 262144 bytes");
    server.on(Flyte.METADATA, Response.json(200, "{" + " ".repeat(2 << 20) + "}"));
    assertThat(fails(FailureCode.PROTOCOL)).hasMessageContaining("is longer than 1048576 bytes");
  }

  @Test
  void jsonThatNestsWithoutEndIsNoJson() {
    server.on(Flyte.TASKS, Response.json(200, "[".repeat(100_000)));
    assertThat(fails(FailureCode.PROTOCOL)).hasMessageContaining("does not answer with JSON");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "\"x\"",
        "{\"access_token\":\"\"}",
        "{\"access_token\":null}",
        "{\"access_token\":7}",
        "{\"access_token\":[\"canary-1\"]}",
        "{\"access_token\":\"canary\\r\\nHost: evil\"}",
        "{\"access_token\":\"canary two\"}",
        "{\"access_token\":\"canary-1\",\"token_type\":\"mac\"}"
      })
  void whatIsNoTokenIsNotSent(String answer) {
    server.on(Flyte.TOKEN, Response.json(200, answer));
    assertThat(fails(FailureCode.PROTOCOL)).hasMessageContaining("localhost:" + server.port());
    assertThat(server.requests(Flyte.TASKS)).isEmpty();
  }

  @Test
  void aTokenEndpointThatIsAPageIsToldApart() {
    server.on(Flyte.TOKEN, Response.html(200, "<html>Welcome"));
    assertThat(fails(FailureCode.PROTOCOL))
        .hasMessageContaining("answers with status 200 and text/html: <html>Welcome")
        .hasMessageContaining("Is it a token endpoint?");
    server.on(Flyte.TOKEN, Response.json(500, "{}"));
    assertThat(fails(FailureCode.PROTOCOL)).hasMessageContaining("status 500");
    server.on(Flyte.TOKEN, Response.html(403, "<html>Forbidden"));
    assertThat(fails(FailureCode.UNAUTHORIZED)).hasMessageContaining("status 403");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://idp.example.com/token",
        "ftp://idp.example.com/token",
        "https://user:canary@idp.example.com/token",
        "https://",
        "https:///token",
        "file:///etc/passwd",
        "http://localhost.evil.example/token"
      })
  void noSecretGoesToAnAddressThatIsNotSafe(String address) {
    server.on(Flyte.METADATA, Response.json(200, "{\"token_endpoint\":\"" + address + "\"}"));
    assertThat(fails(FailureCode.PROTOCOL)).hasMessageContaining("No secret was sent there");
    assertThat(server.requests(Flyte.TASKS)).isEmpty();
  }

  @Test
  void aServerWithTlsCannotNameOneWithoutOnThisMachine() throws IOException {
    TlsCertificate certificate = TlsCertificate.of(dir);
    Files.writeString(dir.resolve("ca.pem"), certificate.certificatePem());
    try (TestServer tls = TestServer.tls(certificate)) {
      Flyte.one(tls)
          .server
          .on(
              Flyte.METADATA,
              Response.json(200, Flyte.metadata(other.address(), "token_endpoint")));
      try (FlyteConnection connection =
          connections.with(tls, "ca-file", dir.resolve("ca.pem").toString())) {
        failure(FailureCode.PROTOCOL, () -> tasks(connection));
      }
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void anAuthorizationServerOnAnotherHostGetsTheSecretAndTheEndpointAloneTheToken() {
    server.on(
        Flyte.METADATA, Response.json(200, Flyte.metadata(other.address(), "token_endpoint")));
    other.on(Flyte.TOKEN, flyte::token);
    try (FlyteConnection connection = connections.with(server)) {
      assertThat(tasks(connection).status()).isEqualTo(200);
    }
    assertThat(other.requests())
        .singleElement()
        .satisfies(
            request -> assertThat(request.headers().toString()).doesNotContain("token-canary"));
    assertThat(server.requests())
        .allSatisfy(
            request ->
                assertThat(request.headers() + request.body())
                    .doesNotContain(Flyte.BASIC, "s3cret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "content-length", "a b", "x\\r\\ny", "ü", "Proxy-Authorization"})
  void noTokenGoesIntoAHeaderThatIsNotForIt(String name) {
    server.on(
        "GET /config/v1/flyte_client",
        Response.json(
            200, "{\"client_id\":\"x\",\"authorization_metadata_key\":\"" + name + "\"}"));
    assertThat(fails(FailureCode.PROTOCOL)).hasMessageContaining("a header that cannot take one");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 401, 404, 500, 501})
  void anEndpointThatDoesNotTellWhoGivesTokensIsToldApart(int status) {
    server.on(Flyte.METADATA, Response.html(status, "<html>"));
    server.on(
        Flyte.SERVICE + "GetOAuth2Metadata",
        Response.json(status, "{\"code\":\"unimplemented\",\"message\":\"not configured\"}"));
    assertThat(fails(FailureCode.PROTOCOL))
        .hasMessageContaining("does not tell who gives tokens for it")
        .hasMessageContaining("imagespec.flyte.auth=none");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void aServerThatIsNotReadyIsAskedAgain(int status) {
    AtomicInteger refusals = new AtomicInteger(2);
    server.on(
        Flyte.TASKS,
        request ->
            refusals.getAndDecrement() > 0
                ? Response.json(status, "{}").with("Retry-After", "7")
                : Response.json(200, "{}"));
    try (FlyteConnection connection = connections.with(server)) {
      assertThat(tasks(connection).status()).isEqualTo(200);
      assertThat(connections.time.waits)
          .containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
      assertThat(server.requests(Flyte.TASKS)).hasSize(3);
    }
  }

  @Test
  void aServerThatNeverBecomesReadyIsGivenUp() {
    server.on(Flyte.TASKS, Response.html(503, "<html>warming up"));
    assertThat(fails(FailureCode.UNREACHABLE))
        .hasMessageContaining("keeps answering with status 503")
        .hasMessageEndingWith("It says: <html>warming up");
    assertThat(server.requests(Flyte.TASKS)).hasSize(5);
    server.on(Flyte.TASKS, Response.json(429, "{}"));
    assertThat(fails(FailureCode.THROTTLED)).hasMessageContaining("asks to slow down");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 409, 500})
  void otherErrorsAreForTheCallerAtOnce(int status) {
    server.on(Flyte.TASKS, Response.json(status, "{\"code\":\"x\"}"));
    try (FlyteConnection connection = connections.with(server)) {
      assertThat(tasks(connection).status()).isEqualTo(status);
      assertThat(server.requests(Flyte.TASKS)).hasSize(1);
    }
  }

  @Test
  void nobodyThereIsUnreachable() {
    server.close();
    assertThat(fails(FailureCode.UNREACHABLE))
        .hasMessageContaining("connection refused: nothing listens there");
  }

  @Test
  void aHostWithoutTlsSaysHowToSaySo() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread answers =
          new Thread(
              () -> {
                try {
                  while (true) {
                    try (Socket socket = plain.accept()) {
                      socket
                          .getOutputStream()
                          .write(
                              "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                    }
                  }
                } catch (IOException e) {
                  // The test is over.
                  Thread.currentThread().interrupt();
                }
              });
      answers.setDaemon(true);
      answers.start();
      try (FlyteConnection connection =
          connections.of(
              Map.of("endpoint", "https://localhost:" + plain.getLocalPort()), Map.of())) {
        assertThat(failure(FailureCode.UNREACHABLE, () -> tasks(connection)))
            .hasMessageContaining("imagespec.flyte.insecure=true");
      }
    }
  }

  @Test
  void anEndpointThatAsksWhoItIsWithoutBeingTold() {
    try (FlyteConnection connection =
        connections.of(Map.of("endpoint", server.address().toString()), Map.of())) {
      assertThat(failure(FailureCode.UNAUTHORIZED, () -> tasks(connection)))
          .hasMessageContaining("there is no authentication (plain HTTP carries no credential)")
          .hasMessageContaining("FLYTE_API_KEY")
          .hasMessageEndingWith("It says: token parse error");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"//evil.example/x", "https://evil.example", "api", "", "/a b"})
  void onlyAPathOfTheEndpointIsAsked(String path) {
    try (FlyteConnection connection = connections.with(server)) {
      assertThatThrownBy(() -> connection.send("GET", path, Map.of(), null))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatServersSayIsPrintedOnOneLineAndShort() {
    String hostile = "\\u001b[2J\\u202e\\n" + "x".repeat(3000);
    server.on(
        "GET /config/v1/flyte_client",
        Response.json(
            200, "{\"client_id\":\"%s\",\"scopes\":[\"%s\"]}".formatted(hostile, hostile)));
    server.on(
        Flyte.TOKEN,
        Response.json(
            400, "{\"error\":\"%s\",\"error_description\":\"%s\"}".formatted(hostile, hostile)));
    assertThat(fails(FailureCode.UNAUTHORIZED).getMessage())
        .hasSizeLessThan(2000)
        .matches(text -> text.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x202e));
    server.on(Flyte.TASKS, Response.json(401, "{\"message\":\"" + hostile + "\"}"));
    server.on(Flyte.TOKEN, flyte::token);
    assertThat(fails(FailureCode.UNAUTHORIZED).getMessage())
        .hasSizeLessThan(1000)
        .matches(text -> text.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x202e));
  }
}
