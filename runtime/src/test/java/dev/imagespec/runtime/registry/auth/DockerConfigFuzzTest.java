package dev.imagespec.runtime.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.fuzz.Fuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Docker's configuration has a credential, or none, or cannot be used. */
class DockerConfigFuzzTest {
  private static final List<Registry> REGISTRIES =
      List.of(Registry.parse("registry.example:5000"), Registry.DOCKER_HUB);
  private static final List<String> SAMPLES =
      List.of(
          """
          {"auths":{"registry.example:5000":{"auth":"dXNlcjpwYXNz"},
            "https://index.docker.io/v1/":{"username":"u","password":"p"},"ghcr.io":{}},
           "credHelpers":{"gcr.io":"gcloud"},"credsStore":"","HttpHeaders":{"a":"b"}}
          """,
          """
          {"auths":{"http://registry.example:5000/v2/":{"identitytoken":"abc","auth":"dTo="}},
           "credHelpers":{"docker.io":"pass","registry.example:5000":"x"},"credsStore":"desktop"}
          """);

  @TempDir Path dir;

  @Test
  void aFileHasACredentialOrNoneOrCannotBeUsed() throws InterruptedException {
    Path file = dir.resolve("config.json");
    Fuzz.run(
        SAMPLES,
        document -> {
          Files.write(file, document);
          for (Registry registry : REGISTRIES) {
            try {
              DockerConfig config = DockerConfig.read(file);
              config.helper(registry, "a/b");
              config.stored(registry, "a/b");
            } catch (ImageSpecException e) {
              assertThat(e.code()).isEqualTo(FailureCode.UNAUTHORIZED);
              assertThat(e).hasMessageContaining(file.toString());
            }
          }
        });
  }
}
