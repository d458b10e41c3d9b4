package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.registry.auth.Credential;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineLogTest {
  @TempDir Path dir;
  private final List<RegistrationEvent> events = new ArrayList<>();

  @Test
  void theLastLinesAreAtHandAndAllAreInTheFile() throws IOException {
    Path file = dir.resolve("log");
    try (EngineLog log =
        new EngineLog(file, "Task", List.of("a"), List.of("hush"), List.of(), events::add)) {
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
    try (EngineLog log =
        new EngineLog(full, "Task", List.of(), List.of(), List.of(), events::add)) {
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

  @Test
  void secretsAndCredentialsAreMaskedHoweverTheyAreSpelled() throws IOException {
    String password = "p\"ss/w\\rd+%41";
    String pair = base64("me:" + password);
    List<String> spellings =
        List.of(
            password,
            "p\\\"ss/w\\\\rd+%41",
            URLEncoder.encode(password, StandardCharsets.UTF_8),
            base64(password),
            pair,
            "s3cret-canary",
            base64("s3cret-canary"));
    Path file = dir.resolve("log");
    try (EngineLog log =
        new EngineLog(
            file,
            "Task",
            List.of("a"),
            List.of("s3cret-canary"),
            List.of(new Credential("me", password)),
            events::add)) {
      for (String spelling : spellings) {
        log.line("before " + spelling + " after");
        assertThat(log.shown("<" + spelling + ">")).matches("<\\*\\*\\*=*>");
      }
      assertThat(log.last()).allMatch(line -> line.matches("before \\*\\*\\*=* after"));
    }
    assertThat(Files.readAllLines(file))
        .hasSameSizeAs(spellings)
        .allMatch(line -> line.matches("before \\*\\*\\*=* after"));
    assertThat(events).noneMatch(event -> event.toString().contains(pair));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
