package dev.imagespec.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.ProjectDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What a file system says that no test can bring about on every machine. */
class CopyCheckTest {
  /** A folder "folder" in which every path below is what the test says. */
  private record Folder(Predicate<String> isInside, List<String> below, boolean fails)
      implements ProjectDirectory {
    @Override
    public boolean exists(String path) {
      return path.equals("folder");
    }

    @Override
    public boolean isFile(String path) {
      return false;
    }

    @Override
    public boolean isInside(String path) throws IOException {
      if (path.endsWith("forbidden")) {
        throw new IOException("no");
      }
      return isInside.test(path);
    }

    @Override
    public byte[] read(String path, int limit) {
      return new byte[0];
    }

    @Override
    public boolean isLink(String path) {
      return false;
    }

    @Override
    public void walk(String path, Predicate<String> enters, Predicate<String> visit) {
      boolean all = below.stream().allMatch(visit);
      if (all && fails) {
        throw new UncheckedIOException(new IOException("unreadable"));
      }
    }
  }

  private static List<String> problems(ProjectDirectory folder, String... copies) {
    Manifest manifest =
        new Manifest(
            "t.Task",
            "",
            "",
            "b:1",
            "",
            List.of(Platform.DEFAULT),
            Manifest.Environment.NONE,
            new Manifest.Payload(
                false,
                "",
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                "",
                "",
                List.of(copies).stream().map(from -> new Manifest.Copy(from, "/x", "")).toList(),
                Map.of(),
                Map.of()),
            Manifest.Repository.DEFAULT);
    Surroundings around =
        new Surroundings() {
          @Override
          public Optional<ProjectDirectory> projectDirectory() {
            return Optional.of(folder);
          }
        };
    return SpecChecks.check(SpecManifest.read(manifest), around).stream()
        .map(Problem::text)
        .toList();
  }

  @Test
  void whatCannotBeReadIsNotTakenForInside() {
    assertThat(problems(new Folder(path -> true, List.of("folder/forbidden"), false), "folder"))
        .containsExactly(
            "IMG036 copy[0].from \"folder\": folder/forbidden cannot be read (no), or leads out of the"
                + " project directory through a symbolic link. See "
                + Code.PAGE
                + "#img036");
    assertThat(problems(new Folder(path -> true, List.of("folder"), true), "folder"))
        .containsExactly(
            "IMG036 copy[0].from \"folder\": a file cannot be read (unreadable), or leads out of"
                + " the project directory through a symbolic link. See "
                + Code.PAGE
                + "#img036");
  }

  @Test
  void aSensitiveFileMayGoInWhereItIsNamed() {
    Folder folder = new Folder(path -> true, List.of("folder", "folder/.ssh/id_rsa"), false);
    assertThat(problems(folder, "folder"))
        .singleElement()
        .asString()
        .contains("folder/.ssh/id_rsa");
    assertThat(problems(folder, "folder", "./folder/x/../.ssh"))
        .singleElement()
        .asString()
        .startsWith("IMG020 copy[1].from");
  }

  @Test
  void theWalkEndsAtTheFirstLinkThatLeadsOut() {
    Folder folder =
        new Folder(path -> path.equals("folder"), List.of("folder", "folder/a", "folder/b"), false);
    assertThat(problems(folder, "folder"))
        .singleElement()
        .asString()
        .contains("folder/a leads out");
  }
}
