package dev.imagespec.runtime.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.fuzz.Fuzz;
import dev.imagespec.runtime.resolve.ImageInputs;
import dev.imagespec.runtime.resolve.LayerInputs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTest {
  private static final String REPOSITORY = "registry.example/team/app";
  private static final String FINGERPRINT = "0".repeat(64);
  private static final String FILE = "sha256:" + "1".repeat(64);

  @TempDir Path dir;
  private final List<RegistrationEvent> events = Collections.synchronizedList(new ArrayList<>());

  private Path folder() {
    return dir.resolve("cache/imagespec/history");
  }

  private History history() {
    return History.in(folder(), events::add);
  }

  /** A layer with one file of this name. */
  static LayerInputs layer(String file) {
    Object entries = List.of(List.of("/" + file, "644", FILE));
    Digest digest =
        Digest.of(
            Json.canonical(Map.of("name", "files", "entries", entries))
                .getBytes(StandardCharsets.UTF_8));
    return LayerInputs.parse("files", digest, Map.of("/" + file, "644 " + FILE));
  }

  static ImageInputs inputs(String... files) {
    List<Object> layers = new ArrayList<>();
    for (String file : files) {
      layers.add(Map.of("name", "files", "digest", layer(file).digest().toString()));
    }
    return ImageInputs.parse(
        Map.of("base", Map.of("name", "scratch"), "payload", Map.of("layers", layers)),
        (name, digest) ->
            Stream.of(files)
                .map(HistoryTest::layer)
                .filter(layer -> layer.digest().equals(digest))
                .findFirst()
                .orElseThrow());
  }

  private static History.Entry entry(String task, String... files) {
    return new History.Entry(REPOSITORY, task, REPOSITORY + "@" + FILE, FINGERPRINT, inputs(files));
  }

  private List<Path> files(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder().resolve(name))) {
      return files.toList();
    }
  }

  private List<String> notes() {
    return events.stream().map(RegistrationEvent::toString).toList();
  }

  @Test
  void whatIsWrittenIsReadAgainForItsRepositoryAndTask() throws IOException {
    history().write(List.of(entry("a.One", "x"), entry("a.Two", "x")));
    LastRegistration last = history().read(REPOSITORY, "a.One").orElseThrow();
    assertThat(last.reference()).isEqualTo(REPOSITORY + "@" + FILE);
    assertThat(last.fingerprint()).isEqualTo(FINGERPRINT);
    assertThat(last.inputs()).hasValue(inputs("x"));
    assertThat(history().read(REPOSITORY, "a.Three")).isEmpty();
    assertThat(history().read(REPOSITORY + "2", "a.One")).isEmpty();
    assertThat(files("tasks")).hasSize(2);
    assertThat(files("layers")).as("each list once").hasSize(1);
    assertThat(events).isEmpty();
  }

  @Test
  void onlyItsOwnerMayReadIt() throws IOException {
    history().write(List.of(entry("a.One", "x")));
    try (Stream<Path> all = Files.walk(dir.resolve("cache"))) {
      for (Path path : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void whatStaysIsNotWrittenAgainAndIsNotAmongTheOldest() throws IOException {
    history().write(List.of(entry("a.One", "x")));
    Path file = files("tasks").get(0);
    Object key = Files.readAttributes(file, "unix:ino").get("ino");
    Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    history().write(List.of(entry("a.One", "x")));
    assertThat(Files.readAttributes(file, "unix:ino")).containsEntry("ino", key);
    assertThat(Files.getLastModifiedTime(file).toMillis()).isPositive();
    history().write(List.of(entry("a.One", "y")));
    assertThat(history().read(REPOSITORY, "a.One").orElseThrow().inputs()).hasValue(inputs("y"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"schema\":2}",
        "{\"schema\":1,\"repository\":\"other\"}",
        "\u0000",
        "{\"schema\":1,\"repository\":\"registry.example/team/app\",\"task\":\"a.One\",\"reference\":\"x\"}"
      })
  void whatIsNoHistoryIsNotedOnceAndReplaced(String text) throws IOException {
    history().write(List.of(entry("a.One", "x"), entry("a.Two", "x")));
    for (Path file : files("tasks")) {
      Files.writeString(file, text);
    }
    History history = history();
    assertThat(history.read(REPOSITORY, "a.One")).isEmpty();
    assertThat(history.read(REPOSITORY, "a.Two")).isEmpty();
    assertThat(notes())
        .singleElement()
        .asString()
        .startsWith("history: " + folder() + "/tasks/")
        .contains("cannot be read: ")
        .contains("Delete it, or name another folder with imagespec.history");
    history().write(List.of(entry("a.One", "x")));
    assertThat(history().read(REPOSITORY, "a.One")).isPresent();
  }

  @Test
  void whatSomebodyElsePutThereIsNoHistory() throws IOException {
    history().write(List.of(entry("a.One", "x"), entry("a.Two", "y")));
    HistoryFolder names = new HistoryFolder(folder());
    Files.copy(names.task(REPOSITORY, "a.Two"), names.task(REPOSITORY, "a.Three"));
    assertThat(history().read(REPOSITORY, "a.Three")).isEmpty();
    assertThat(notes()).hasSize(1);
  }

  @Test
  void aListThatIsGoneOrIsNotThatOfItsLayerIsNotKnown() throws IOException {
    history().write(List.of(entry("a.One", "x")));
    Path list = files("layers").get(0);
    Files.writeString(list, Files.readString(list).replace("/x", "/y"));
    LastRegistration last = history().read(REPOSITORY, "a.One").orElseThrow();
    assertThat(last.inputs().orElseThrow().layers().get(0).list()).isEmpty();
    assertThat(notes()).singleElement().asString().contains("is not that of its layer");
    History history = history();
    assertThat(history.read(REPOSITORY, "a.One")).isPresent();
    history.write(List.of(entry("a.One", "x")));
    assertThat(history().read(REPOSITORY, "a.One").orElseThrow().inputs())
        .as("written anew")
        .hasValue(inputs("x"));
    Files.delete(list);
    events.clear();
    last = history().read(REPOSITORY, "a.One").orElseThrow();
    assertThat(last.inputs().orElseThrow().layers().get(0).list()).isEmpty();
    assertThat(events).isEmpty();
  }

  @Test
  @Timeout(60)
  void whatHasNoEndIsNotReadAndWhatWaitsIsNotWaitedFor() throws Exception {
    history().write(List.of(entry("a.One", "x")));
    Path file = files("tasks").get(0);
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("/dev/zero"));
    assertThat(history().read(REPOSITORY, "a.One")).isEmpty();
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    assertThat(history().read(REPOSITORY, "a.One")).isEmpty();
    assertThat(notes()).hasSize(2).allMatch(note -> note.contains("it is not a regular file"));
  }

  @Test
  void aFolderThatCannotBeWrittenIsNotedOnce() throws IOException {
    Files.createDirectories(folder().resolveSibling(""));
    Files.writeString(folder(), "a file");
    history().write(List.of(entry("a.One", "x"), entry("a.Two", "x")));
    assertThat(notes())
        .singleElement()
        .asString()
        .startsWith("history: " + folder() + " cannot be written: ");
    assertThat(folder()).hasContent("a file");
    assertThat(history().read(REPOSITORY, "a.One")).isEmpty();
  }

  @Test
  void theOldestAreDeletedWhereThereAreTooMany() throws IOException {
    HistoryFolder small = new HistoryFolder(folder(), 3, 1_000);
    small.create();
    for (int i = 0; i < 5; i++) {
      Path file = small.task(REPOSITORY, "a.T" + i);
      small.write(file, "text " + i, 100);
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000L * (i + 1)));
    }
    small.prune();
    assertThat(files("tasks"))
        .containsExactlyInAnyOrder(
            small.task(REPOSITORY, "a.T2"),
            small.task(REPOSITORY, "a.T3"),
            small.task(REPOSITORY, "a.T4"));
    small.write(small.task(REPOSITORY, "a.Large"), "x".repeat(999), 1_000);
    small.write(small.task(REPOSITORY, "a.TooLarge"), "x".repeat(1_001), 1_000);
    small.prune();
    assertThat(files("tasks")).containsExactly(small.task(REPOSITORY, "a.Large"));
  }

  @Test
  void severalProcessesWriteAtOnceAndEachFileIsWhole() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String file = "x" + i % 5;
        work.add(
            () -> {
              history().write(List.of(entry("a.One", file), entry("a.Two", file)));
              assertThat(history().read(REPOSITORY, "a.One")).isPresent();
              return null;
            });
      }
      for (var result : threads.invokeAll(work)) {
        result.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(events).isEmpty();
    assertThat(files("tasks")).hasSize(2);
    assertThat(files("layers")).hasSize(5);
  }

  @Test
  void aBrokenHistoryIsNeverAnException() throws Exception {
    history().write(List.of(entry("a.One", "x")));
    Path file = files("tasks").get(0);
    String sample = Files.readString(file);
    Fuzz.run(
        List.of(sample),
        document -> {
          Files.write(file, document);
          events.clear();
          if (history().read(REPOSITORY, "a.One").isEmpty()) {
            assertThat(events).hasSize(1);
          }
        });
  }
}
