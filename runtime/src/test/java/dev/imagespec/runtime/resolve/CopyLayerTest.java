package dev.imagespec.runtime.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.check.SensitiveFiles;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a copy takes: by patterns, with which modes and owners. */
class CopyLayerTest {
  @TempDir Path dir;

  @BeforeEach
  void project() throws IOException {
    write("conf/a.yml");
    write("conf/local.yml");
    write("conf/sub/b.yml");
    write("conf/sub/c.txt");
    write("conf/bin/run");
    write("conf/old/d.yml");
    Files.createDirectories(dir.resolve("conf/empty"));
  }

  private void write(String path) throws IOException {
    Path folder = dir.resolve(path.substring(0, path.lastIndexOf('/')));
    Files.writeString(
        Files.createDirectories(folder).resolve(path.substring(path.lastIndexOf('/') + 1)), path);
  }

  private static Manifest.Copy copy(
      List<String> include, List<String> exclude, String ignoreFile, Manifest.Mode... modes) {
    return new Manifest.Copy(
        "conf", "/etc/app", "0640", include, exclude, List.of(modes), ignoreFile, "");
  }

  /** Path, mode and owner of each entry. */
  private List<String> entries(Manifest.Copy copy) {
    return CopyLayer.entries(
            copy, dir, SensitiveFiles.unlessNamed(List.of(copy.from())), new ProjectFiles())
        .values()
        .stream()
        .map(
            entry ->
                entry.path()
                    + " "
                    + entry.mode()
                    + (entry.owner().isRoot() ? "" : " " + entry.owner()))
        .toList();
  }

  private void refused(Manifest.Copy copy, String why) {
    assertThatThrownBy(() -> entries(copy))
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_FILE))
        .hasMessageContaining(why);
  }

  @Test
  void patternsLeaveFilesAndTheFoldersThatHaveSome() {
    assertThat(entries(copy(List.of("**/*.yml"), List.of("local.yml", "old"), "")))
        .containsExactly(
            "/etc/app 755", "/etc/app/a.yml 640", "/etc/app/sub 755", "/etc/app/sub/b.yml 640");
    assertThat(entries(copy(List.of(), List.of(), "")))
        .as("without patterns, empty folders too")
        .contains("/etc/app/empty 755")
        .hasSize(11);
  }

  @Test
  void theLastModeThatMatchesWins() {
    Manifest.Copy copy =
        copy(
            List.of("bin", "sub", "a.yml"),
            List.of(),
            "",
            new Manifest.Mode("**", "0600"),
            new Manifest.Mode("bin", "755"),
            new Manifest.Mode("*/c.txt", "0444"));
    assertThat(entries(copy))
        .contains(
            "/etc/app/bin 755",
            "/etc/app/bin/run 755",
            "/etc/app/a.yml 600",
            "/etc/app/sub/b.yml 600",
            "/etc/app/sub/c.txt 444");
  }

  @Test
  void anIgnoreFileCountsWhereItIsNamedAlone() throws IOException {
    Files.writeString(dir.resolve(".dockerignore"), "conf\n!conf/sub/*.yml\n");
    Files.writeString(dir.resolve("conf/.dockerignore"), "**\n");
    assertThat(entries(copy(List.of("**/*.yml"), List.of(), ""))).hasSize(7);
    assertThat(entries(copy(List.of(), List.of(), ".dockerignore")))
        .containsExactly("/etc/app 755", "/etc/app/sub 755", "/etc/app/sub/b.yml 640");
  }

  @Test
  void anOwnerGetsTheCopyAndNothingAbove() {
    assertThat(
            entries(
                new Manifest.Copy(
                    "conf/sub", "/a/b", "", List.of(), List.of(), List.of(), "", "1000")))
        .containsExactly(
            "/a/b 755 1000:1000", "/a/b/b.yml 644 1000:1000", "/a/b/c.txt 644 1000:1000");
    assertThat(
            entries(
                new Manifest.Copy(
                    "conf/a.yml", "/a/", "", List.of(), List.of(), List.of(), "", "7:0")))
        .containsExactly("/a/a.yml 644 7:0");
  }

  /** Not even a link that leads out, or a folder that nobody may read. */
  @Test
  void nobodyLooksAtWhatIsLeftOut() throws IOException {
    Files.createSymbolicLink(dir.resolve("conf/out"), dir.resolveSibling("elsewhere"));
    Files.createSymbolicLink(dir.resolve("conf/loop"), dir.resolve("conf"));
    write("conf/.git/config");
    write("conf/sub/.env");
    assertThat(entries(copy(List.of("*.yml"), List.of(), ""))).hasSize(3);
    assertThat(entries(copy(List.of(), List.of("out", "loop", ".git", "**/.env"), "")))
        .contains("/etc/app/sub/c.txt 640");
    refused(copy(List.of(), List.of("loop", ".git", "**/.env"), ""), "conf/out");
    refused(copy(List.of(), List.of("loop", "out", ".git"), ""), "IMG035");
    refused(copy(List.of("sub/.env"), List.of(), ""), "IMG035");
    refused(copy(List.of("**/config"), List.of("out", "loop"), ""), "conf/.git/config would go");
  }

  @Test
  void whatThePatternsCannotMeanIsRefused() throws IOException {
    refused(copy(List.of("*.yaml"), List.of(), ""), "IMG054 copy from \"conf\"");
    refused(copy(List.of(), List.of(), "none"), "IMG055 copy ignoreFile \"none\"");
    Files.writeString(dir.resolve("wrong"), "[");
    refused(copy(List.of(), List.of(), "wrong"), "line 1: a [");
    for (Manifest.Copy file :
        List.of(
            new Manifest.Copy("conf/a.yml", "/x", "", List.of("*"), List.of(), List.of(), "", ""),
            new Manifest.Copy(
                "conf/a.yml", "/x", "", List.of(), List.of(), List.of(), "wrong", ""))) {
      refused(file, "IMG053 copy from");
    }
    Manifest.Copy nothing =
        new Manifest.Copy("conf/empty", "/", "", List.of(), List.of(), List.of(), "", "7");
    refused(nothing, "there is nothing to own");
  }

  @Test
  void whatTheStepsGetLeavesFoldersAboveAsTheBaseHasThem() {
    Copies copies =
        new Copies(
            new Manifest(
                "t.Task",
                "",
                "",
                "b:1",
                "",
                List.of(dev.imagespec.model.Platform.DEFAULT),
                new Manifest.Environment(
                    List.of(),
                    List.of(),
                    "",
                    "",
                    List.of(),
                    List.of("make"),
                    List.of(),
                    Manifest.Pip.DEFAULT,
                    List.of(
                        new Manifest.Copy("conf", "/tmp", ""),
                        new Manifest.Copy("conf/sub/c.txt", "/tmp/a.yml", "0600"))),
                Manifest.Payload.NONE,
                Manifest.Repository.DEFAULT),
            dir,
            new ProjectFiles());
    assertThat(copies.ofSteps().entries())
        .extracting(LayerEntry::path)
        .containsExactly(
            "/tmp/a.yml",
            "/tmp/bin/run",
            "/tmp/empty",
            "/tmp/local.yml",
            "/tmp/old/d.yml",
            "/tmp/sub/b.yml",
            "/tmp/sub/c.txt");
    assertThat(copies.ofSteps().entries().get(0).mode()).as("the later wins").isEqualTo("600");
    assertThat(copies.ofPayload()).isEmpty();
  }

  /** Engines and registries take such a layer, and nobody can unpack it. */
  @Test
  void aFileWhereAnotherCopyNeedsAFolderIsRefused() {
    Manifest.Copy file = new Manifest.Copy("conf/a.yml", "/o", "");
    Manifest.Copy below = new Manifest.Copy("conf/sub/c.txt", "/o/a", "");
    Manifest.Copy folder = new Manifest.Copy("conf/sub", "/o", "");
    for (List<Manifest.Copy> copies :
        List.of(List.of(file, below), List.of(below, file), List.of(folder, file))) {
      assertThatThrownBy(() -> merged(copies))
          .isInstanceOf(ImageSpecException.class)
          .hasMessageStartingWith(
              "copy to \"/o\": a copy puts a file there, and another one puts /o/");
    }
    assertThat(merged(List.of(file, folder))).as("the later wins").hasSize(3);
    assertThat(merged(List.of(file, new Manifest.Copy("conf/a.yml", "/o-a/b", "")))).hasSize(2);
  }

  private List<String> merged(List<Manifest.Copy> copies) {
    return List.copyOf(
        Copies.merged(
                copies.stream()
                    .map(
                        copy ->
                            CopyLayer.entries(
                                copy,
                                dir,
                                SensitiveFiles.unlessNamed(List.of()),
                                new ProjectFiles()))
                    .toList())
            .keySet());
  }
}
