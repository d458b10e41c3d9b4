package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.runtime.RegistrationEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineLogTest {
  @TempDir Path dir;
  private final List<RegistrationEvent> events = new ArrayList<>();

  @Test
  void theLastLinesAreAtHandAndAllAreInTheFile() throws IOException {
    Path file = dir.resolve("log");
    try (EngineLog log = new EngineLog(file, "Task", List.of("a"), List.of("hush"), events::add)) {
      for (int i = 0; i < 60; i++) {
        log.line("line " + i + " hush");
      }
      assertThat(log.last()).hasSize(50).startsWith("line 10 ***").endsWith("line 59 ***");
    }
    assertThat(Files.readAllLines(file)).hasSize(60).noneMatch(line -> line.contains("hush"));
  }

  @Test
  void aFullDiskIsSaidOnceAndHoldsUpNoEngine() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no /dev/full");
    String text = "x".repeat(10_000);
    try (EngineLog log = new EngineLog(full, "Task", List.of(), List.of(), events::add)) {
      for (int i = 0; i < 5; i++) {
        log.line(text);
      }
      assertThat(log.last()).hasSize(5);
    }
    assertThat(events)
        .filteredOn(RegistrationEvent.Warning.class::isInstance)
        .singleElement()
        .asString()
        .contains("/dev/full is not whole");
    assertThat(events).filteredOn(RegistrationEvent.EngineOutput.class::isInstance).hasSize(5);
  }
}
