package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathsTest {
  @TempDir private Path dir;

  @ParameterizedTest
  @CsvSource({"a/b,a/b", "./a//b/,a/b", "a/../b,b", "a/..,''", ".,''", "a/b/../../c,c"})
  void aPathInAProjectHasOneForm(String path, String normal) {
    assertThat(ProjectPath.normal(path)).contains(normal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "a/../..", "../a", "a/../../a"})
  void aPathThatLeadsOutHasNone(String path) {
    assertThat(ProjectPath.normal(path)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"/,/", "//a/./b/,/a/b", "/a,/a", "/a/../b,/b"})
  void aPathInAnImageHasOneForm(String path, String normal) {
    assertThat(ImagePath.normal(path)).isEqualTo(normal);
  }

  @Test
  void noPathLeadsOutOfAnImage() {
    assertThatThrownBy(() -> ImagePath.normal("/../a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "/.wh.a,true",
    "/a/.wh..wh..opq,true",
    ".wh.a/b,true",
    "/a.wh.b,false",
    "/.what,false"
  })
  void namesThatDeleteFilesAreKnown(String path, boolean deletes) {
    assertThat(ImagePath.deletesFiles(path)).isEqualTo(deletes);
  }

  @Test
  void aWalkEntersOnlyWhatItIsToldTo() throws IOException {
    Files.writeString(Files.createDirectories(dir.resolve("w/a/skip")).resolve("x"), "x");
    Files.writeString(Files.createDirectories(dir.resolve("w/a/take")).resolve("y"), "y");
    Files.createSymbolicLink(dir.resolve("w/a/link"), dir.resolve("w/a/skip"));
    ProjectDirectory project = ProjectDirectory.at(dir.resolve("w"));
    List<String> walked = new ArrayList<>();
    project.walk("a", path -> !path.equals("a/skip"), walked::add);
    assertThat(walked).containsExactlyInAnyOrder("a", "a/take", "a/take/y", "a/link");
    walked.clear();
    project.walk(
        "a/skip",
        path -> true,
        path -> {
          walked.add(path);
          return false;
        });
    assertThat(walked).as("ends when it is told to").containsExactly("a/skip");
    assertThatThrownBy(() -> project.walk("none", path -> true, walked::add))
        .isInstanceOf(IOException.class);
    assertThat(project.isLink("a/link")).isTrue();
    assertThat(project.isLink("a/skip")).isFalse();
  }

  @Test
  void aProjectOnDiskIsSeenByItsOwnPaths() throws IOException {
    Files.writeString(Files.createDirectories(dir.resolve("p/a")).resolve("f"), "12345");
    Files.createSymbolicLink(dir.resolve("p/a/out"), dir);
    Files.createSymbolicLink(dir.resolve("p/a/nothing"), dir.resolve("none"));
    ProjectDirectory project = ProjectDirectory.at(dir.resolve("p/./a/.."));

    List<String> walked = new ArrayList<>();
    project.walk("./a", path -> true, walked::add);
    assertThat(walked).startsWith("a").containsOnly("a", "a/f", "a/out", "a/nothing");

    assertThat(project.exists("a")).isTrue();
    assertThat(project.isFile("a")).isFalse();
    assertThat(project.isFile("a/f")).isTrue();
    assertThat(project.exists("a/nothing")).isFalse();
    assertThat(project.exists("nul\0")).isFalse();
    assertThat(project.isInside("a/f")).isTrue();
    assertThat(project.isInside("a/nothing")).isTrue();
    assertThat(project.isInside("a/out")).isFalse();
    assertThat(project.read("a/f", 3)).hasSize(3);
    assertThat(project.read("a/f", 6)).hasSize(5);
    Files.delete(dir.resolve("p/a/out"));
    Files.delete(dir.resolve("p/a/nothing"));
  }
}
