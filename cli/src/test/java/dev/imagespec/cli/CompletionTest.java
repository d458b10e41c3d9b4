package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The completion script, as shells run it. */
@Timeout(60)
class CompletionTest {
  @TempDir Path dir;

  private static String script(String shell) {
    CommandRunner command = new CommandRunner();
    assertThat(command.execute(List.of("completion", shell))).as(command.err.toString()).isZero();
    return command.out.toString();
  }

  @Test
  void anotherShellIsRefusedByTheNamesThatThereAre() {
    CommandRunner command = new CommandRunner();
    assertThat(command.execute(List.of("completion", "fish"))).isEqualTo(2);
    assertThat(command.err.toString()).contains("\"fish\" is neither bash nor zsh");
  }

  private List<String> shell(String program, String commands) throws Exception {
    Path file = dir.resolve("completion");
    Files.writeString(file, script(program));
    assumeTrue(hasProgram(program), "needs " + program);
    Process process =
        new ProcessBuilder(program, "-c", ". ./completion\n" + commands)
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
    return lines;
  }

  private static boolean hasProgram(String name) {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder, name))) {
        return true;
      }
    }
    return false;
  }

  /** What bash offers for the last of some words, by the function that it was told to call. */
  private List<String> offered(String... words) throws Exception {
    String line = "'" + String.join("' '", words) + "'";
    return shell(
        "bash",
        """
        compopt() { :; } # It works only while a key is handled.
        COMP_WORDS=(imagespec %s)
        COMP_CWORD=%d
        COMP_LINE="${COMP_WORDS[*]}"
        function=$(complete -p imagespec | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
        "$function"
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(line, words.length));
  }

  @Test
  void commandsAreOffered() throws Exception {
    assertThat(offered(""))
        .contains("plan", "register", "lock", "export", "doctor", "images", "login", "completion");
    assertThat(offered("reg")).containsExactly("register");
    assertThat(offered("help", "pl")).containsExactly("plan");
    assertThat(offered("completion", "")).containsExactly("bash", "zsh");
  }

  @ParameterizedTest
  @CsvSource({
    "register, --rec, --record",
    "plan, --che, --check",
    "export, --t, --to",
    "images, --mirr, --mirror"
  })
  void optionsAreOffered(String command, String start, String option) throws Exception {
    assertThat(offered(command, start)).contains(option).allMatch(word -> word.startsWith(start));
  }

  @Test
  void filesAreOffered() throws Exception {
    Files.createDirectory(dir.resolve("target"));
    Files.writeString(dir.resolve("tar ball"), "");
    assertThat(offered("export", "--to", "tar")).containsExactlyInAnyOrder("target", "tar ball");
    assertThat(offered("plan", "--classpath", "tar"))
        .as("nothing of its own: bash then offers files, since it was told -o default")
        .containsOnly("");
    assertThat(shell("bash", "complete -p imagespec"))
        .singleElement()
        .asString()
        .contains("-o default");
  }

  @Test
  void zshTakesItToo() throws Exception {
    assertThat(script("zsh")).contains("autoload -U +X bashcompinit && bashcompinit");
    assertThat(shell("zsh", "whence -w _complete_imagespec"))
        .contains("_complete_imagespec: function");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fish", ""})
  void anotherShellIsAMistakeThatNamesThose(String shell) throws IOException {
    CommandRunner command = new CommandRunner();
    assertThat(command.execute(List.of(("completion " + shell).strip().split(" ")))).isEqualTo(2);
    assertThat(command.err.toString()).contains("bash").contains("zsh");
  }
}
