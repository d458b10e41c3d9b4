package dev.imagespec.registrar.flyte.connect;

import static dev.imagespec.registrar.flyte.connect.Connections.failure;
import static dev.imagespec.registrar.flyte.connect.Connections.tasks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that prints the token. */
@Timeout(60)
class CommandTokenTest {
  @TempDir Path dir;
  private final TestServer server = TestServer.plain();
  private final Flyte flyte = Flyte.one(server);
  private Connections connections = new Connections(Path.of(""));

  @BeforeEach
  void start() {
    connections = new Connections(dir);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private FlyteConnection connection(String command, Duration patience) {
    Map<String, String> settings = new HashMap<>();
    settings.put("endpoint", server.address().toString());
    settings.put("auth", "external-command");
    settings.put("command", command);
    return connections.of(settings, Map.of(), patience);
  }

  private String script(String... lines) throws IOException {
    Path file = dir.resolve("give token");
    Files.writeString(
        file, "#!/bin/sh\necho run >> \"" + dir + "/runs\"\n" + String.join("\n", lines));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file.toString();
  }

  private List<String> runs() throws IOException {
    return Files.exists(dir.resolve("runs")) ? Files.readAllLines(dir.resolve("runs")) : List.of();
  }

  @Test
  void itsOutputIsTheTokenForAllRequests() throws IOException {
    flyte.good.add("t/$HOME;x".replace("$HOME;", ""));
    String script =
        script(
            "cat >/dev/null",
            "echo noise >&2",
            "test \"$1\" = '$HOME; two words' || exit 9",
            "echo; echo '  t/x '");
    try (FlyteConnection connection =
        connection("[\"" + script + "\", \"$HOME; two words\"]", Duration.ofSeconds(20))) {
      assertThat(tasks(connection).status()).isEqualTo(200);
      assertThat(tasks(connection).status()).isEqualTo(200);
      assertThat(runs()).as("without a shell, with an input that ends, once").hasSize(1);
      assertThat(server.requests(Flyte.TOKEN)).isEmpty();
      assertThat(server.requests(Flyte.TASKS).get(0).header("flyte-authorization"))
          .isEqualTo("Bearer t/x");
      assertThat(connection.described()).contains("the token that ").doesNotContain("two words");
    }
  }

  @Test
  void aRejectedTokenIsAskedForAgainAndTheSameOneNotSentAgain() throws IOException {
    String script = script("echo stale-canary");
    try (FlyteConnection connection = connection("[\"" + script + "\"]", Duration.ofSeconds(20))) {
      assertThat(failure(FailureCode.UNAUTHORIZED, () -> tasks(connection)).getMessage())
          .contains("rejects a new token, got with the token that")
          .doesNotContain("canary");
      assertThat(runs()).hasSize(2);
      assertThat(server.requests(Flyte.TASKS)).hasSize(1);
    }
  }

  @Test
  void itsFailuresAreToldWithoutItsOutputOrArguments() throws IOException {
    for (Map.Entry<String, String> one :
        Map.of(
                "echo out-canary; echo err-canary >&2; exit 3", "ends with exit code 3",
                "true", "prints nothing",
                "echo Token: out-canary", "prints something else than a token alone",
                "echo one-canary; echo two-canary", "prints something else than a token alone",
                "yes canary; true", "prints something else than a token alone",
                "sleep 600 & sleep 600; echo canary", "does not end within 1 s")
            .entrySet()) {
      String script = script(one.getKey());
      // Programs that print without end are ended by their closed output.
      try (FlyteConnection connection =
          connection("[\"" + script + "\",\"arg-canary\"]", Duration.ofSeconds(1))) {
        ImageSpecException failure = failure(FailureCode.UNAUTHORIZED, () -> tasks(connection));
        assertThat(failure)
            .as(one.getKey())
            .hasMessageContaining(one.getValue())
            .hasMessageContaining(script)
            .hasMessageContaining("Run it yourself");
        assertThat(failure.getMessage()).doesNotContain("canary");
        assertThat(failure.getCause()).isNull();
      }
    }
    assertThat(server.requests(Flyte.TASKS)).isEmpty();
  }

  @Test
  void aProgramThatIsNotThere() {
    try (FlyteConnection connection =
        connection("no-such-program-here --key=arg-canary", Duration.ofSeconds(1))) {
      assertThat(failure(FailureCode.UNAUTHORIZED, () -> tasks(connection)))
          .hasMessageContaining("cannot be started; is it on the PATH")
          .hasMessageNotContaining("canary");
    }
  }
}
