package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
  @TempDir Path dir;

  @Test
  void whatAKilledRunLeftIsCleanedAndALiveRunsIsNot() throws IOException {
    Path dead = Files.createDirectory(dir.resolve("imagespec-dead"));
    Files.writeString(dead.resolve("lock"), "");
    Files.writeString(Files.createDirectory(dead.resolve("blobs")).resolve("x"), "x");
    Path foreign = Files.createDirectory(dir.resolve("imagespec-without-lock"));
    Path file = Files.writeString(dir.resolve("imagespec-file"), "");
    try (Workspace live = Workspace.open(dir)) {
      assertThat(dead).doesNotExist();
      try (Workspace second = Workspace.open(dir)) {
        assertThat(second.folder("blobs")).isNotEqualTo(live.folder("blobs"));
        assertThat(live.folder("blobs").resolveSibling("lock")).exists();
      }
      assertThat(foreign).exists();
      assertThat(file).exists();
    }
    assertThat(dir).isDirectoryNotContaining("glob:**/imagespec-[0-9]*");
  }
}
