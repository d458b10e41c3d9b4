package dev.imagespec.flyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The layout is that of Flyte's co-pilot: {@code flytecopilot/data}, download.go and upload.go. */
class TaskIoTest {
  @TempDir Path dir;
  private TaskIo io = new TaskIo();

  @BeforeEach
  void start() {
    io = new TaskIo(dir.resolve("inputs"), dir.resolve("outputs"));
  }

  private void input(String path, String content) throws IOException {
    Path file = dir.resolve("inputs").resolve(path);
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.writeString(file, content);
  }

  private String output(String name) throws IOException {
    return Files.readString(dir.resolve("outputs").resolve(name));
  }

  @Test
  void everyTypeIsReadAsTheCoPilotWritesIt() throws IOException {
    input("n", "-9223372036854775808");
    input("x", "0.1");
    input("s", " a\n");
    input("b", "true");
    input("t", "2026-11-01T12:00:00.123456789Z");
    input("d", "1h2m3.000000004s");
    input("f", "\0\1");
    assertThat(io.input("n", Long.class)).isEqualTo(Long.MIN_VALUE);
    assertThat(io.input("x", Double.class)).isEqualTo(0.1);
    assertThat(io.input("s", String.class)).as("as it is").isEqualTo(" a\n");
    assertThat(io.input("b", Boolean.class)).isTrue();
    assertThat(io.input("t", Instant.class))
        .isEqualTo(Instant.parse("2026-11-01T12:00:00.123456789Z"));
    assertThat(io.input("d", Duration.class)).isEqualTo(Duration.ofSeconds(3723, 4));
    assertThat(io.input("f", Path.class)).hasBinaryContent(new byte[] {0, 1});
  }

  /** What {@code time.Duration.String} writes. */
  @ParameterizedTest
  @CsvSource({
    "0s, PT0S",
    "1ns, PT0.000000001S",
    "1.5µs, PT0.0000015S",
    "2.25ms, PT0.00225S",
    "-1m30.5s, PT-1M-30.5S",
    "2562047h47m16.854775807s, PT2562047H47M16.854775807S"
  })
  void aLengthOfTimeIsReadAsGoWritesIt(String text, Duration duration) throws IOException {
    input("d", text);
    assertThat(io.input("d", Duration.class)).isEqualTo(duration);
  }

  /** What {@code strconv.FormatFloat} writes, and what a person writes. */
  @ParameterizedTest
  @CsvSource({"+Inf, Infinity", "-Inf, -Infinity", "NaN, NaN", "1e3, 1000", "'3\n', 3"})
  void aNumberIsReadAsGoWritesIt(String text, Double number) throws IOException {
    input("x", text);
    assertThat(io.input("x", Double.class)).isEqualTo(number);
  }

  @Test
  void listsHaveTheirOrderAndMapsTheirKeys() throws IOException {
    for (int i = 0; i < 11; i++) {
      input("list/" + i, String.valueOf(i * i));
    }
    input("map/b", "2");
    input("map/a c", "1.5");
    input("files/0", "first");
    Files.createDirectory(dir.resolve("inputs/empty"));
    assertThat(io.list("list", Long.class))
        .containsExactly(0L, 1L, 4L, 9L, 16L, 25L, 36L, 49L, 64L, 81L, 100L);
    assertThat(io.map("map", Double.class)).isEqualTo(Map.of("a c", 1.5, "b", 2.0));
    assertThat(io.list("files", Path.class).get(0)).hasContent("first");
    assertThat(io.list("empty", String.class)).isEmpty();
    assertThat(io.map("empty", String.class)).isEmpty();
    assertThat(io.input("files", Path.class)).as("a FOLDER").isDirectory();
  }

  @Test
  void everyTypeIsWrittenAsTheCoPilotReadsIt() throws IOException {
    io.output("n", 42);
    io.output("x", 1.0E10);
    io.output("s", "ä");
    io.output("b", false);
    io.output("t", Instant.parse("2026-11-01T12:00:00.5Z"));
    io.output("d", Duration.ofSeconds(90, 1));
    Files.writeString(io.outputPath("f"), "file");
    assertThat(output("n")).isEqualTo("42");
    assertThat(output("x")).isEqualTo("1.0E10");
    assertThat(output("s")).isEqualTo("ä");
    assertThat(output("b")).isEqualTo("false");
    assertThat(output("t")).isEqualTo("2026-11-01T12:00:00.5Z");
    assertThat(output("d"))
        .as("whole nanoseconds, which Go does not round")
        .isEqualTo("90000000001ns");
    assertThat(output("f")).isEqualTo("file");
    io.output("n", -1);
    assertThat(output("n")).as("the last one counts").isEqualTo("-1");
  }

  @Test
  void whatWasWrittenReadsBack() {
    TaskIo next = new TaskIo(dir.resolve("outputs"), dir.resolve("more"));
    io.output("d", Duration.ofSeconds(-90, 5));
    io.output("t", Instant.parse("0001-01-01T00:00:00Z"));
    io.output("x", Double.MIN_VALUE);
    assertThat(next.input("d", Duration.class)).isEqualTo(Duration.ofSeconds(-90, 5));
    assertThat(next.input("t", Instant.class)).isEqualTo(Instant.parse("0001-01-01T00:00:00Z"));
    assertThat(next.input("x", Double.class)).isEqualTo(Double.MIN_VALUE);
  }

  @Test
  void aMissingInputIsSaidWithThoseThatAreThere() throws IOException {
    assertThatThrownBy(() -> io.input("text", String.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("there is no folder " + dir.resolve("inputs"))
        .hasMessageContaining("new TaskIo(inputs, outputs)");
    input("words", "1");
    input("inputs.json", "{}");
    input("inputs.pb", "");
    assertThatThrownBy(() -> io.list("text", String.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "there is no input \"text\" in "
                + dir.resolve("inputs")
                + ", only words; declare it in inputs of @FlyteTask, or use a name from there");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../x", "inputs.json", "_ERROR", "a/b", "1a", "a-b", "ä"})
  void aNameThatNoVariableHasIsRefusedBeforeAnythingIsTouched(String name) {
    assertThatThrownBy(() -> io.input(name, String.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name is a letter");
    assertThatThrownBy(() -> io.output(name, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> io.outputPath(name)).isInstanceOf(IllegalArgumentException.class);
    assertThat(dir).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "java.lang.Long, 1.5",
    "java.lang.Long, 9223372036854775808",
    "java.lang.Double, 1d",
    "java.lang.Double, 0x1p3",
    "java.lang.Double, ''",
    "java.lang.Boolean, TRUE",
    "java.time.Instant, 2026-11-01",
    "java.time.Duration, 90",
    "java.time.Duration, 1h 2m",
    "java.time.Duration, 2562048h"
  })
  void aWrongTypeIsSaidWithoutTheValue(Class<?> type, String canary) throws IOException {
    input("v", canary);
    assertThatThrownBy(() -> io.input("v", type))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageMatching("the input \"v\" is no [A-Z]+: see the file .*/v, and the type.*");
  }

  @Test
  void noMessageHasAValue() throws IOException {
    input("v", "canary-7f");
    assertThatThrownBy(() -> io.input("v", Instant.class))
        .satisfies(thrown -> assertThat(stack(thrown)).doesNotContain("canary"));
    assertThatThrownBy(() -> io.input("v", Long.class))
        .satisfies(thrown -> assertThat(stack(thrown)).doesNotContain("canary"));
    assertThatThrownBy(() -> io.output("v", "canary-7f".repeat(1024)))
        .satisfies(thrown -> assertThat(stack(thrown)).doesNotContain("canary"));
  }

  private static String stack(Throwable thrown) {
    StringBuilder all = new StringBuilder();
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      all.append(at).append('\n');
    }
    return all.toString();
  }

  @Test
  void aWrongShapeIsSaid() throws IOException {
    input("one", "1");
    input("gap/0", "1");
    input("gap/2", "1");
    input("many/0", "1");
    assertThatThrownBy(() -> io.list("one", Long.class)).hasMessageContaining("is no list");
    assertThatThrownBy(() -> io.map("one", Long.class)).hasMessageContaining("is no map");
    assertThatThrownBy(() -> io.list("gap", Long.class)).hasMessageContaining("there is no file 1");
    assertThatThrownBy(() -> io.input("many", Long.class))
        .hasMessageContaining("read a list with list");
    assertThatThrownBy(() -> io.input("one", Integer.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("java.lang.Integer is the class of no type of Flyte; use Long,");
  }

  @Test
  void aTextThatIsNoUtf8IsNoString() throws IOException {
    Files.createDirectories(dir.resolve("inputs"));
    Files.write(dir.resolve("inputs/s"), new byte[] {(byte) 0xff});
    assertThatThrownBy(() -> io.input("s", String.class)).hasMessageContaining("is no STRING");
    assertThatThrownBy(() -> io.output("s", "\ud800"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("half of a surrogate pair");
  }

  /** Otherwise the co-pilot refuses it, when the task has done its work. */
  @Test
  void anOutputThatFlyteWouldRefuseIsRefusedWhereItIsWritten() throws IOException {
    io.output("s", "x".repeat(1024));
    assertThat(output("s")).hasSize(1024);
    assertThatThrownBy(() -> io.output("s", "ä".repeat(513)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has 1026 bytes, and Flyte takes 1024 at most; declare a FILE");
    assertThatThrownBy(() -> io.output("t", Instant.MAX)).hasMessageContaining("years 1 to 9999");
    assertThatThrownBy(() -> io.output("d", Duration.ofDays(200_000)))
        .hasMessageContaining("at most 292 years");
    assertThat(output("s")).as("what was there stays").hasSize(1024);
  }

  @Test
  void nothingHalfWrittenIsTakenForAnOutput() throws IOException {
    Path outputs = Files.createDirectories(dir.resolve("outputs"));
    // What a program leaves that was killed between the two steps of writing.
    Files.createDirectory(outputs.resolve(".words.part"));
    assertThatThrownBy(() -> io.output("words", 1)).isInstanceOf(UncheckedIOException.class);
    try (Stream<Path> names = Files.list(outputs)) {
      assertThat(names.map(name -> name.getFileName().toString()))
          .noneMatch(name -> name.equals("words") || name.startsWith("words."));
    }
    io.output("n", 1);
    try (Stream<Path> names = Files.list(outputs)) {
      assertThat(names).extracting(name -> name.getFileName().toString()).contains("n");
    }
    assertThat(outputs.resolve(".n.part")).doesNotExist();
  }

  @Test
  void aFailureIsTheFileThatTheCoPilotLooksFor() throws IOException {
    io.fail("no such city: Atlantis");
    assertThat(output("_ERROR")).isEqualTo("no such city: Atlantis");
    io.fail("ä".repeat(600_000));
    byte[] cut = Files.readAllBytes(dir.resolve("outputs/_ERROR"));
    assertThat(cut).hasSize(1024 * 1024);
    assertThat(new String(cut, StandardCharsets.UTF_8)).isEqualTo("ä".repeat(524_288));
    io.fail("a" + "ä".repeat(600_000));
    assertThat(Files.size(dir.resolve("outputs/_ERROR"))).isEqualTo(1024 * 1024 - 1);
  }

  @Test
  void theFoldersAreThoseOfTheTemplate() {
    assertThat(List.of(TaskIo.INPUTS.toString(), TaskIo.OUTPUTS.toString()))
        .containsExactly("/var/inputs", "/var/outputs");
  }
}
