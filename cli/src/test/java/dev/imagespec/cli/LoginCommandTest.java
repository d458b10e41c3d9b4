package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.json.Json;
import dev.imagespec.testkit.EcrServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginCommandTest {
  private static final String SECRET = "s3cret-canary";

  @TempDir Path home;
  private final EcrServer ecr = EcrServer.start();
  private final Map<String, String> before = new HashMap<>();
  private final InputStream stdin = System.in;
  private final CommandRunner command = new CommandRunner();
  private final StringWriter out = command.out;
  private final StringWriter err = command.err;

  @BeforeEach
  void start() throws IOException {
    Map.of(
            "user.home",
            home.toString(),
            "aws.accessKeyId",
            "test",
            "aws.secretAccessKey",
            "test",
            "aws.region",
            "us-east-1",
            "aws.endpointUrlEcr",
            ecr.endpoint().toString(),
            "imagespec.ecr.hosts",
            ecr.registry())
        .forEach((key, value) -> before.put(key, System.setProperty(key, value)));
    String auth =
        Base64.getEncoder().encodeToString(("me:" + SECRET).getBytes(StandardCharsets.UTF_8));
    Files.createDirectory(home.resolve(".docker"));
    Files.writeString(
        home.resolve(".docker/config.json"),
        "{\"credHelpers\":{\"ghcr.io\":\"imagespec\"},\"auths\":{\"ghcr.io\":{\"auth\":\""
            + auth
            + "\"},\"https://index.docker.io/v1/\":{\"auth\":\""
            + auth
            + "\"}}}");
  }

  @AfterEach
  void stop() {
    System.setIn(stdin);
    ecr.close();
    before.forEach(
        (key, value) -> {
          if (value == null) {
            System.clearProperty(key);
          } else {
            System.setProperty(key, value);
          }
        });
  }

  private int login(String action, String input) {
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    return command.execute(List.of("login", action));
  }

  private Map<?, ?> answer() {
    return (Map<?, ?>) Json.parse(out.toString());
  }

  @Test
  void getGivesTheTokenOfAmazonEcr() {
    assertThat(login("get", ecr.registry() + "\n")).isZero();
    assertThat(answer().get("Username")).isEqualTo("AWS");
    assertThat(answer().get("ServerURL")).isEqualTo(ecr.registry());
    assertThat(String.valueOf(answer().get("Secret")).length()).isGreaterThan(1000);
    assertThat(ecr.journal().count("GetAuthorizationToken")).isEqualTo(1);
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ghcr.io", "https://ghcr.io", "https://index.docker.io/v1/", "docker.io\r\n"})
  void getGivesWhatDockersFileHas(String server) {
    assertThat(login("get", server)).isZero();
    assertThat(answer())
        .isEqualTo(Map.of("ServerURL", server.strip(), "Username", "me", "Secret", SECRET));
  }

  @Test
  void whatThereIsNotIsSaidInTheProtocolsWords() {
    assertThat(login("get", "quay.io")).isEqualTo(1);
    assertThat(out.toString().strip()).isEqualTo("credentials not found in native keychain");
    assertThat(login("get", "\n")).isEqualTo(1);
    assertThat(out.toString().strip()).isEqualTo("no credentials server URL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.example", "a b", "x@ghcr.io"})
  void aServerThatIsNoneIsAnError(String server) {
    assertThat(login("get", server)).isEqualTo(1);
    assertThat(out.toString()).doesNotContain("credentials not found").contains(": ");
    assertThat(ecr.journal().entries()).isEmpty();
  }

  @Test
  void anErrorGoesToStdoutWhereClientsLook() {
    ecr.deny("ecr:GetAuthorizationToken");
    assertThat(login("get", ecr.registry())).isEqualTo(1);
    assertThat(out.toString()).contains("ecr:GetAuthorizationToken").doesNotContain("\tat ");
  }

  @Test
  void storeAndEraseAreNotSupportedAndTheListIsEmpty() {
    String entry = "{\"ServerURL\":\"a.b\",\"Username\":\"me\",\"Secret\":\"" + SECRET + "\"}";
    assertThat(login("store", entry)).isEqualTo(1);
    assertThat(out.toString()).contains("store is not supported").doesNotContain(SECRET);
    assertThat(login("erase", "a.b")).isEqualTo(1);
    assertThat(out.toString()).contains("erase is not supported");
    assertThat(login("list", "")).isZero();
    assertThat(out.toString().strip()).isEqualTo("{}");
    assertThat(login("get-all", "")).isEqualTo(2);
  }

  @Test
  void theFolderItIsStartedInHasNoSay() throws IOException {
    Path here = Path.of("imagespec.properties").toAbsolutePath();
    assertThat(here).doesNotExist();
    try {
      Files.writeString(here, "imagespec.nonsense=1\n");
      assertThat(login("get", "ghcr.io")).as(out.toString()).isZero();
    } finally {
      Files.delete(here);
    }
  }
}
