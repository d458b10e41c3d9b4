package dev.imagespec.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class CommandTest {
  @TempDir Path dir;

  /** Whether a program runs that has this as its only argument. */
  private static boolean runs(String program, String argument) {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.map(process -> process.info().commandLine().orElse(""))
          .anyMatch(line -> line.endsWith(program + " " + argument));
    }
  }

  private static boolean runs(String marker) {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.anyMatch(
          process ->
              process
                  .info()
                  .arguments()
                  .map(words -> List.of(words).contains(marker))
                  .orElse(false));
    }
  }

  @Test
  void whatItPrintsComesLineByLineAndItsCodeIsReturned() throws Exception {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    int code =
        new Command("sh", "-c", "echo one; echo two >&2; echo $A; exit 3")
            .variable("A", "three")
            .run(Duration.ofSeconds(30), lines::add);
    assertThat(code).isEqualTo(3);
    assertThat(lines).containsExactly("one", "two", "three");
  }

  @Test
  void aVariableIsTakenAway() throws Exception {
    assertThat(new Command("sh", "-c", "echo ${PATH:-gone}").without("PATH").ask().text())
        .isNotEqualTo(System.getenv("PATH"));
  }

  /** A child that ignores the first signal, and a grandchild. */
  private static Command tree(String marker) {
    return new Command(
        "sh",
        "-c",
        "trap '' TERM; sleep " + marker + " & sh -c 'sleep " + marker + "; true'; wait");
  }

  @Test
  void noProgramGetsTheRegistrysCredential() throws Exception {
    Command.Answer answer =
        new Command("env")
            .variable("IMAGESPEC_REGISTRY_USERNAME", "me")
            .variable("IMAGESPEC_REGISTRY_PASSWORD", "canary")
            .variable("OTHER", "kept")
            .ask();
    assertThat(answer.lines())
        .contains("OTHER=kept")
        .noneMatch(line -> line.startsWith("IMAGESPEC_REGISTRY_"));
  }

  @Test
  void whatTakesTooLongIsEndedWithAllThatItStarted() {
    String marker = "81" + ProcessHandle.current().pid();
    assertThatThrownBy(() -> tree(marker).run(Duration.ofMillis(300), text -> {}))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("imagespec.engine.timeout");
    assertThat(runs(marker)).isFalse();
  }

  @Test
  void whatItLeavesBehindIsEndedAndHoldsUpNobody() throws Exception {
    String marker = "83" + ProcessHandle.current().pid();
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    int code =
        new Command("sh", "-c", "(sleep " + marker + " &) & sleep 0.1; echo done")
            .run(Duration.ofSeconds(30), lines::add);
    assertThat(code).isZero();
    assertThat(lines).containsExactly("done");
    assertThat(runs(marker)).isFalse();
  }

  @Test
  void anInterruptedThreadEndsItsProcesses() throws Exception {
    String marker = "82" + ProcessHandle.current().pid();
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    Thread thread =
        new Thread(
            () -> {
              try {
                tree(marker).run(Duration.ofMinutes(1), text -> {});
              } catch (Exception e) {
                thrown.add(e);
              }
            });
    thread.start();
    while (!runs(marker)) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    thread.join();
    assertThat(thrown).hasSize(1).first().isInstanceOf(InterruptedException.class);
    assertThat(runs(marker)).isFalse();
  }

  /** A process that runs a program until it is killed. */
  static final class Killed {
    private Killed() {}

    public static void main(String[] args) throws Exception {
      tree(args[0]).run(Duration.ofMinutes(5), text -> {});
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  @Timeout(60)
  void aKilledRegistrationLeavesNoProcess() throws Exception {
    String marker = "83" + ProcessHandle.current().pid();
    Process registration =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Killed.class.getName(),
                marker)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("output").toFile())
            .start();
    while (!runs("sleep", marker)) {
      assertThat(registration.isAlive()).as(Files.readString(dir.resolve("output"))).isTrue();
      Thread.sleep(20);
    }
    registration.destroyForcibly().waitFor();
    while (runs("sleep", marker)) {
      Thread.sleep(20);
    }
  }

  @Test
  void linesEndAsTheyDoElsewhereAndNoneIsLongerThanAnybodyReads() {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    assertThatNoException()
        .isThrownBy(
            () ->
                new Command(
                        "sh",
                        "-c",
                        "printf 'a\\r\\nb\\rc\\n\\nd\\n'; head -c 3000000 /dev/zero | tr '\\0' x")
                    .run(Duration.ofSeconds(60), lines::add));
    assertThat(lines.subList(0, 5)).containsExactly("a", "b", "c", "", "d");
    assertThat(lines).hasSize(6).last().asString().hasSize(16_384);
  }

  @Test
  void aProgramGetsNoInputAndItsSignalIsItsCode() throws Exception {
    assertThat(new Command("sh", "-c", "cat; kill -9 $$").run(Duration.ofSeconds(30), text -> {}))
        .isEqualTo(128 + 9);
  }

  @Test
  void aProgramThatIsMissingSaysSo() throws Exception {
    Command.Answer answer = new Command("imagespec-no-such-program").ask();
    assertThat(answer.isGood()).isFalse();
    assertThat(answer.last()).isEqualTo("imagespec-no-such-program is not on the PATH");
    Command.Answer atAPath = new Command(dir.resolve("none").toString()).ask();
    assertThat(atAPath.isGood()).isFalse();
    assertThat(atAPath.last()).startsWith(dir.resolve("none").toString()).doesNotContain("PATH");
    assertThat(Files.exists(dir.resolve("none"))).isFalse();
  }
}
