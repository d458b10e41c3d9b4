package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.RegistryServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registration on a pseudo terminal, which {@code script} of util-linux makes. */
@Timeout(180)
class DisplayedRegistrationTest {
  private static final int PATIENCE_SECONDS = 60;
  private static final Path SCRIPT = Path.of("/usr/bin/script");

  @TempDir Path dir;
  private Project project = new Project(Path.of(""));
  private final RegistryServer registry = RegistryServer.anonymous();

  @BeforeEach
  void project() {
    assumeTrue(Files.isExecutable(SCRIPT), "needs script of util-linux (Debian: bsdutils)");
    project = new Project(dir);
    project.task(Project.file("a.Task")).write("conf", "f");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  /** Starts it; its stdout goes to a file, its stderr is the terminal. */
  private Process start(Map<String, String> variables, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("register"));
    arguments.addAll(project.options(registry.registry()));
    arguments.addAll(List.of(options));
    List<String> words = CommandRunner.process(List.of(), arguments);
    project.write(
        "run.sh",
        "stty rows 20 cols 100; echo $$ > pid; exec "
            + String.join(" ", words.stream().map(word -> "'" + word + "'").toList())
            + " > out\n");
    ProcessBuilder builder =
        new ProcessBuilder(
                SCRIPT.toString(), "-qec", "env --default-signal=INT /bin/sh run.sh", "/dev/null")
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("screen").toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().put("TERM", "xterm");
    builder.environment().remove("NO_COLOR");
    builder.environment().putAll(variables);
    return builder.start();
  }

  private int run(Map<String, String> variables, String... options) throws Exception {
    Process process = start(variables, options);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private String screen() throws IOException {
    return Files.readString(dir.resolve("screen"), StandardCharsets.UTF_8);
  }

  private List<String> shown() throws IOException {
    return DrawnTerminal.after(screen()).stream()
        .filter(line -> !line.startsWith("SLF4J"))
        .toList();
  }

  /** Waits, before the registry takes the manifest, until the terminal shows something. */
  private void await(String text, Runnable then) {
    AtomicBoolean first = new AtomicBoolean(true);
    registry.inject(
        Fault.before(
            "PUT manifest",
            1,
            () -> {
              if (first.getAndSet(false)) {
                try {
                  while (!screen().contains(text)) {
                    TimeUnit.MILLISECONDS.sleep(20);
                  }
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                then.run();
              }
            }));
  }

  @Test
  void showsALineAnImageAndEndsWithATable() throws Exception {
    await("writing its manifest", () -> {});
    assertThat(run(Map.of())).as(screen()).isZero();
    assertThat(screen()).contains("0 of 1 images done").contains("[####################]");
    List<String> shown = shown();
    assertThat(shown.get(shown.size() - 2)).matches("IMAGE +ACTION +SENT +TIME");
    assertThat(shown.get(shown.size() - 1))
        .matches(registry.registry() + "/team/app:is1-[0-9a-f]{32} +pushed +1 kB +[0-9.]+ s");
    assertThat(String.join("\n", shown)).doesNotContain("images done");
    assertThat(screen()).contains("\u001b[32m");
    assertThat(dir.resolve("out")).content().startsWith("a.Task  ").hasLineCount(1);
  }

  @Test
  void withoutColoursThereIsTheSamePicture() throws Exception {
    await("writing its manifest", () -> {});
    assertThat(run(Map.of("NO_COLOR", "1"))).isZero();
    assertThat(screen()).contains("images done").doesNotContain("\u001b[3").doesNotContain("[1m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--json", "--verbose", "TERM"})
  void whereNothingIsDrawnThereAreLines(String reason) throws Exception {
    Map<String, String> variables = reason.equals("TERM") ? Map.of("TERM", "dumb") : Map.of();
    assertThat(run(variables, reason.equals("TERM") ? new String[0] : new String[] {reason}))
        .isZero();
    assertThat(screen()).contains(": building, ").doesNotContain("\u001b");
    assertThat(shown()).noneMatch(line -> line.startsWith("IMAGE"));
  }

  @Test
  void controlCLeavesOneLineAndTheTerminalAsItWas() throws Exception {
    await(
        "writing its manifest",
        () -> {
          try {
            String pid = Files.readString(dir.resolve("pid")).strip();
            assertThat(new ProcessBuilder("kill", "-INT", pid).start().waitFor()).isZero();
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(process -> process.onExit().join());
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(run(Map.of())).isEqualTo(130);
    assertThat(shown())
        .last()
        .isEqualTo(
            "interrupted: 0 of 1 images are pushed or were there before; the next registration goes"
                + " on from there.");
    assertThat(shown()).noneMatch(line -> line.contains("images done"));
  }
}
