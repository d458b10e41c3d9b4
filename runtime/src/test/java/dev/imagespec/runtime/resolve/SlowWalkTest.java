package dev.imagespec.runtime.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowWalkTest {
  @TempDir Path dir;

  private List<String> warnings(long millisForEach) throws IOException {
    List<String> warnings = new ArrayList<>();
    AtomicLong clock = new AtomicLong();
    for (int i = 0; i < 5; i++) {
      Files.writeString(dir.resolve("f" + i), "");
    }
    new ProjectFiles(clock::get, warnings::add)
        .walk(
            dir,
            dir,
            (name, path, real) -> clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millisForEach)));
    return warnings;
  }

  @Test
  void aFolderThatTakesMoreThanASecondIsNamedOnce() throws IOException {
    assertThat(warnings(400))
        .singleElement()
        .asString()
        .startsWith("reading " + dir + " takes a while, 4 files");
    assertThat(warnings(200)).isEmpty();
  }
}
