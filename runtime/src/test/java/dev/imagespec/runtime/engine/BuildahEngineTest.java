package dev.imagespec.runtime.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BuildahEngineTest {
  private static final int OLD =
      Docker.version("Version:         1.28.2\nGo Version:      go1.19.8");
  private static final int NEW =
      Docker.version("Version:         1.33.0\nGo Version:      go1.21.1");

  private static EngineBuild build(int documents) {
    return new EngineBuild(
        "a.Task",
        Path.of("context"),
        "",
        1,
        Map.of(),
        List.of(Platform.DEFAULT),
        "registry.example/app",
        "env1-x",
        "key",
        Map.of(),
        Path.of("docker"),
        () -> true,
        new EngineBuild.Own(Path.of("Dockerfile"), List.of(), List.of(), documents));
  }

  /** Its lines may be a FROM of an image that nobody has locked. */
  @Test
  void aReleaseThatTakesTheLinesOfADocumentForInstructionsGetsNone() {
    assertThatThrownBy(() -> BuildahEngine.requireDocuments(OLD, build(7)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("1.33")
        .hasMessageContaining("at line 7;");
    assertThatCode(() -> BuildahEngine.requireDocuments(OLD, build(0))).doesNotThrowAnyException();
    assertThatCode(() -> BuildahEngine.requireDocuments(NEW, build(7))).doesNotThrowAnyException();
  }
}
