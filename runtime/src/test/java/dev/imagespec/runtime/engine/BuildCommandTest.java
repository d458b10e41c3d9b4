package dev.imagespec.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BuildCommandTest {
  private static Map<String, String> configurations(Map<String, String> environment) {
    EngineSettings settings =
        new EngineSettings(
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Duration.ofMinutes(1),
            Path.of("/user"),
            environment);
    return BuildCommand.configurations(Path.of("/own"), settings);
  }

  @Test
  void aBuildsOwnConfigurationIsUsedWithTheUsersBuilders() {
    assertThat(configurations(Map.of()))
        .containsEntry("DOCKER_CONFIG", "/own")
        .containsEntry("BUILDX_CONFIG", "/user/buildx");
    assertThat(configurations(Map.of("BUILDX_CONFIG", "/b"))).containsEntry("BUILDX_CONFIG", "/b");
  }

  @Test
  void aFolderForTemporaryFilesIsTheEnginesToo() {
    assertThat(configurations(Map.of("TMPDIR", "/t"))).containsEntry("TMPDIR", "/t");
    assertThat(configurations(Map.of())).doesNotContainKey("TMPDIR");
  }
}
