package dev.imagespec.runtime.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildDockerConfigTest {
  private static final String USERS =
      """
      {"auths": {"ghcr.io": {"auth": "Y2FuYXJ5"}}, "credsStore": "desktop",
       "credHelpers": {"x.example": "y"}, "currentContext": "work",
       "cliPluginsExtraDirs": ["/opt/plugins"], "proxies": {"default": {"httpProxy": "http://p:1"}}}
      """;

  @TempDir Path dir;
  private Path user = Path.of("");
  private Path own = Path.of("");

  @BeforeEach
  void user() throws IOException {
    user = Files.createDirectories(dir.resolve("user"));
    own = dir.resolve("own");
    Files.createDirectories(user.resolve("contexts"));
    Files.writeString(user.resolve("config.json"), USERS);
  }

  private JsonNode written(Map<Registry, Credential> credentials) throws IOException {
    BuildDockerConfig written =
        BuildDockerConfig.write(own, credentials, Map.of("DOCKER_CONFIG", user.toString()));
    assertThat(written.folder()).isEqualTo(own);
    return new ObjectMapper().readTree(Files.readString(own.resolve("config.json")));
  }

  @Test
  void itHasTheCredentialsInUseAndNoneOfTheUsersOwn() throws IOException {
    JsonNode config =
        written(
            Map.of(
                Registry.parse("r.example:5000"),
                new Credential("me", "pw"),
                Registry.parse("docker.io"),
                new Credential("u", "p")));
    assertThat(config.path("auths").toString())
        .isEqualTo(
            "{\"https://index.docker.io/v1/\":{\"auth\":\"dTpw\"},"
                + "\"r.example:5000\":{\"auth\":\"bWU6cHc=\"}}");
    assertThat(config.has("credsStore")).isFalse();
    assertThat(config.has("credHelpers")).isFalse();
  }

  @Test
  void itKeepsTheUsersProxiesContextsAndPlugins() throws IOException {
    JsonNode config = written(Map.of());
    assertThat(config.path("proxies").path("default").path("httpProxy").asText())
        .isEqualTo("http://p:1");
    assertThat(config.path("currentContext").asText()).isEqualTo("work");
    assertThat(config.path("cliPluginsExtraDirs").toString())
        .isEqualTo("[\"/opt/plugins\",\"" + user.resolve("cli-plugins") + "\"]");
    assertThat(own.resolve("contexts").toRealPath())
        .isEqualTo(user.resolve("contexts").toRealPath());
  }

  @Test
  void itHasTheCertificatesOfADaemonThatTheUsersHas() throws IOException {
    for (String name : List.of("ca.pem", "cert.pem", "key.pem")) {
      Files.writeString(user.resolve(name), name);
    }
    written(Map.of());
    for (String name : List.of("ca.pem", "cert.pem", "key.pem")) {
      assertThat(own.resolve(name)).hasContent(name);
    }
  }

  @Test
  void nobodyElseMayReadItAndTheUsersOwnStaysAsItWas() throws IOException {
    written(Map.of(Registry.parse("r.example"), new Credential("me", "pw")));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(own.resolve("config.json"))))
        .isEqualTo("rw-------");
    assertThat(Files.readString(user.resolve("config.json"))).isEqualTo(USERS);
  }

  @Test
  void itGoesWithAllThatWasPutBesideItAndTheUsersContextsStay() throws IOException {
    Files.createFile(user.resolve("contexts").resolve("mine"));
    try (BuildDockerConfig config =
        BuildDockerConfig.write(own, Map.of(), Map.of("DOCKER_CONFIG", user.toString()))) {
      Files.createDirectories(config.folder().resolve("buildx").resolve("refs"));
    }
    assertThat(own).doesNotExist();
    assertThat(user.resolve("contexts").resolve("mine")).exists();
  }

  @Test
  void aConfigurationThatIsNoJsonIsNotQuoted() throws IOException {
    Files.writeString(user.resolve("config.json"), "{\"auths\": canary");
    assertThatThrownBy(() -> written(Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it is not JSON")
        .hasMessageNotContaining("canary");
  }
}
