package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.RegistryServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A registration that a signal ends, in a process of its own. */
class InterruptionTest {
  private static final int PATIENCE_SECONDS = 60;

  @TempDir Path dir;
  private Project project = new Project(Path.of(""));
  private final RegistryServer registry = RegistryServer.anonymous();
  private final CompletableFuture<Process> running = new CompletableFuture<>();

  /** Three images, of which each stands on the one before. */
  @BeforeEach
  void project() throws IOException {
    Files.createDirectories(dir.resolve("temp"));
    project = new Project(dir);
    project
        .task(Project.file("a.One"))
        .task(Project.fileOn("a.One", "a.Two"))
        .task(Project.fileOn("a.Two", "a.Three"))
        .write("conf", "f");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Process start() throws IOException {
    return start("register", "--record", dir.resolve("record.json").toString());
  }

  private Process start(String... command) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.add("--json");
    arguments.addAll(project.options(registry.registry()));
    // A build in the background of a script ignores the signal, and so would java.
    List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT"));
    line.addAll(
        CommandRunner.process(List.of("-Dimagespec.temp=" + dir.resolve("temp")), arguments));
    return new ProcessBuilder(line)
        .redirectOutput(dir.resolve("out").toFile())
        .redirectError(dir.resolve("err").toFile())
        .start();
  }

  /** Sends a signal, and waits until the process has ended. */
  private void end(Process process, String signal) {
    try {
      assertThat(
              new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                  .start()
                  .waitFor())
          .isZero();
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"INT,130", "TERM,143"})
  @Timeout(3 * PATIENCE_SECONDS)
  void saysInOneLineWhatIsDoneAndLeavesNoFile(String signal, int code) throws Exception {
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger left = new AtomicInteger();
    registry.inject(
        Fault.before(
            "PUT manifest",
            2,
            () -> {
              if (asked.incrementAndGet() == 2) {
                left.set(temporary());
                end(running.join(), signal);
              }
            }));
    Process process = start();
    running.complete(process);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(code);
    assertThat(lines("err"))
        .filteredOn(line -> line.matches("(?:interrupted|error|warning|Exception).*"))
        .containsExactly(
            "interrupted: 1 of 3 images are pushed or were there before; the next registration goes"
                + " on from there.");
    assertThat(lines("err")).last().asString().startsWith("interrupted: ");
    assertThat(left).as("the folder was there").hasValue(1);
    assertThat(temporary()).isZero();
    assertThat(lines("out")).isEmpty();
    assertThat(dir.resolve("record.json")).doesNotExist();
    Process next = start();
    assertThat(next.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(next.exitValue()).as(Files.readString(dir.resolve("err"))).isZero();
    assertThat(lines("err"))
        .filteredOn(line -> line.endsWith(": exists"))
        .as("one was pushed, and one had arrived when the signal came")
        .hasSize(2);
    assertThat(temporary()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"new/saved.tar", "new/saved"})
  @Timeout(3 * PATIENCE_SECONDS)
  void aSavedImageThatIsNotCompleteLeavesNothing(String to) throws Exception {
    assertThat(start().waitFor()).isZero();
    AtomicBoolean begun = new AtomicBoolean();
    registry.inject(
        Fault.before(
            "GET blob",
            99,
            () -> {
              if (dir.resolve("new").toFile().exists() && !begun.getAndSet(true)) {
                end(running.join(), "INT");
              }
            }));
    Process process = start("save", "--class", "a.Three", "--to", dir.resolve(to).toString());
    running.complete(process);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(begun).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(lines("err")).last().isEqualTo("interrupted: the image is not saved.");
    assertThat(lines("out")).isEmpty();
    assertThat(dir.resolve("new")).doesNotExist();
    assertThat(temporary()).isZero();
  }

  private int temporary() {
    String[] files = dir.resolve("temp").toFile().list();
    return files == null ? 0 : files.length;
  }

  private List<String> lines(String file) throws IOException {
    return Files.readAllLines(dir.resolve(file), StandardCharsets.UTF_8).stream()
        .filter(line -> !line.startsWith("SLF4J"))
        .toList();
  }
}
