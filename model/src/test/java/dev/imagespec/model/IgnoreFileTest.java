package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoreFileTest {
  @TempDir Path dir;

  /** Lines are separated by a bar here. What Docker's own matcher answers to the same. */
  @ParameterizedTest
  @CsvSource({
    "'', a, false",
    "'a', a, true",
    "'a', a/b, true",
    "'/a', a, true",
    "'a/', a/b, true",
    "'  a  ', a, true",
    "'#a', a, false",
    "' # a', '# a', true",
    "'*.md|!README.md', README.md, false",
    "'*.md|!README.md', x.md, true",
    "'!README.md|*.md', README.md, true",
    "'docs|!docs/a', docs/a, false",
    "'docs|!docs/a|docs/a', docs/a, true",
    "'docs|!docs/a', docs/b, true",
    "'**|!dist/*.whl', dist/a.whl, false",
    "'**|!dist/*.whl', dist/a.txt, true",
    "'**.log', a.log, true",
    "'**.log', x/a.log, true",
    "'a**/*.txt', a/x/y.txt, true",
    "'a**b', a/x/b, true",
    "'a**b', axb, false",
    "'a**', axb/c, true",
    "'../a', a, false",
    "'.', a, false",
    "'x/../a', a, true",
    "'! a', a, false"
  })
  void theLastLineThatMatchesDecides(String lines, String path, boolean isOut) {
    assertThat(IgnoreFile.parse(lines.replace('|', '\n')).leavesOut(path)).isEqualTo(isOut);
  }

  @Test
  void aFolderThatIsLeftOutIsLookedIntoForExceptions() {
    IgnoreFile file = IgnoreFile.parse("build\n!build/keep/*.txt\n");
    assertThat(file.leavesOutAllOf("build")).isFalse();
    assertThat(file.leavesOutAllOf("build/keep")).isFalse();
    assertThat(file.leavesOutAllOf("build/other")).isTrue();
    assertThat(file.leavesOutAllOf("src")).isFalse();
    assertThat(file.isEmpty()).isFalse();
    assertThat(IgnoreFile.parse("# nothing\n\n!a\n").isEmpty()).isTrue();
  }

  @Test
  void aSelectionJoinsIncludeExcludeAndTheIgnoreFileOfTheProject() {
    IgnoreFile ignored = IgnoreFile.parse("**/*.bak\nconf/old\n");
    FileSelection selection =
        FileSelection.of(
            "conf", List.of("**/*.yml", "**/*.bak", "old"), List.of("local.yml"), ignored);
    assertThat(selection.isAll()).isFalse();
    assertThat(selection.takes("a.yml")).isTrue();
    assertThat(selection.takes("x/a.yml")).isTrue();
    assertThat(selection.takes("local.yml")).isFalse();
    assertThat(selection.takes("a.txt")).isFalse();
    assertThat(selection.takes("a.bak")).isFalse();
    assertThat(selection.takes("old/a.yml")).isFalse();
    assertThat(selection.mayTakeBelow("old")).isFalse();
    assertThat(selection.mayTakeBelow("x")).isTrue();
    assertThat(FileSelection.ALL.isAll()).isTrue();
    assertThat(FileSelection.ALL.mayTakeBelow("any")).isTrue();
  }

  @Test
  void whatCannotBeReadSaysWhyAndShowsNothingOfIt() throws IOException {
    ProjectDirectory project = ProjectDirectory.at(Files.createDirectory(dir.resolve("p")));
    Files.writeString(dir.resolve("p/wrong"), "a\n\nsecret[\n");
    Files.write(dir.resolve("p/binary"), new byte[] {(byte) 0xff});
    Files.write(dir.resolve("p/large"), new byte[(1 << 18) + 1]);
    Files.writeString(dir.resolve("p/many"), "a\n".repeat(5_001));
    Files.writeString(dir.resolve("p/alone"), "!\n");
    Files.writeString(dir.resolve("outside"), "a\n");
    Files.createSymbolicLink(dir.resolve("p/link"), dir.resolve("outside"));
    Files.writeString(dir.resolve("p/bom"), "\uFEFF# comment\na\n");
    assertThat(IgnoreFile.read(project, "bom").leavesOut("a")).isTrue();
    for (String[] row :
        new String[][] {
          {"none", "there is no such file"},
          {".", "there is no such file"},
          {"wrong", "line 3: a [ has no ]"},
          {"binary", "not UTF-8"},
          {"large", "at most 256 KiB"},
          {"many", "at most 5000 lines"},
          {"alone", "line 1: a ! alone"},
          {"link", "leads out of the project"}
        }) {
      assertThatThrownBy(() -> IgnoreFile.read(project, row[0]))
          .as(row[0])
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(row[1])
          .hasMessageNotContaining("secret");
    }
  }
}
