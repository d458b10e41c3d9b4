package dev.imagespec.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserDockerConfigTest {
  @Test
  void aBuildsOwnConfigurationIsUsedWithTheUsersBuilders() {
    Path own = Path.of("/own");
    assertThat(UserDockerConfig.variables(own, Map.of("DOCKER_CONFIG", "/user")))
        .containsEntry("DOCKER_CONFIG", "/own")
        .containsEntry("BUILDX_CONFIG", "/user/buildx");
    assertThat(UserDockerConfig.variables(own, Map.of("BUILDX_CONFIG", "/b")))
        .containsEntry("BUILDX_CONFIG", "/b");
  }
}
