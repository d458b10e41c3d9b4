package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.runtime.SettingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class SettingOptionsTest {
  /** Options that are no settings, by command. */
  private static final Map<String, Set<String>> OWN =
      Map.of(
          "plan", Set.of("--check"),
          "register", Set.of("--dry-run"),
          "export", Set.of("--to"),
          "save", Set.of("--to"),
          "images", Set.of("--record"));

  private static Stream<CommandSpec> commands() {
    return ImageSpecCommand.line(Printing.of(new String[0])).getSubcommands().values().stream()
        .map(CommandLine::getCommandSpec);
  }

  @Test
  void everyOptionIsASettingsOrTheCommandsOwn() {
    Set<String> offered = new TreeSet<>();
    commands()
        .forEach(
            command -> {
              for (OptionSpec option : command.options()) {
                String name = option.longestName();
                if (option.userObject() instanceof SettingKey<?> key) {
                  offered.add(name);
                  assertThat(key.option()).hasValue(name);
                  assertThat(option.description()).containsExactly(key.help());
                  assertThat(option.typeInfo().isBoolean()).isEqualTo(key.isFlag());
                  assertThat(option.isMultiValue()).isEqualTo(key.isList());
                } else if (!option.usageHelp() && !option.versionHelp()) {
                  assertThat(OWN.getOrDefault(command.name(), Set.of())).contains(name);
                }
              }
            });
    assertThat(offered)
        .containsExactlyInAnyOrderElementsOf(
            SettingKey.all().stream().flatMap(key -> key.option().stream()).toList());
  }

  @Test
  void whatIsGivenIsReadByTheSettingsNames() {
    CommandLine line = ImageSpecCommand.line(Printing.of(new String[0]));
    CommandLine.ParseResult parsed =
        line.parseArgs(
            "register",
            "--locked",
            "--mirror",
            "a.example=b.example",
            "--mirror",
            "c.example=d.example");
    assertThat(SettingOptions.given(parsed.subcommand().commandSpec()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "imagespec.locked", "true",
                "imagespec.mirrors", "a.example=b.example,c.example=d.example"));
  }

  @Test
  void theTableOfThePageIsThatOfTheSettings() throws IOException {
    List<String> wanted = new ArrayList<>();
    wanted.add("| option | setting | environment | means |");
    wanted.add("|---|---|---|---|");
    for (SettingKey<?> key : SettingKey.all()) {
      String usage = key.option().map(option -> option + " " + key.label()).orElse("").strip();
      wanted.add(row(usage, key.name(), key.variable(), key.meaning()));
    }
    String page = Files.readString(Path.of("..", "docs", "cli.md"));
    int start = page.indexOf("| option | setting |");
    assertThat(page.substring(start).lines().limit(wanted.size()).toList())
        .containsExactlyElementsOf(wanted);
  }

  private static String row(String option, String name, String variable, String meaning) {
    String cell = option.isEmpty() ? "" : "`" + option + "` ";
    return "| " + cell + "| `" + name + "` | `" + variable + "` | " + meaning + " |";
  }
}
