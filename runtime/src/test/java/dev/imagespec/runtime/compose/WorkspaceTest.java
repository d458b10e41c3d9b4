package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
  /** Ends with 7 if the lock is held. */
  private static final String TRY_LOCK =
      "import fcntl,sys\n"
          + "try: fcntl.lockf(open(sys.argv[1],'r+'), fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
          + "except OSError: sys.exit(7)";

  @TempDir Path dir;

  @Test
  void whatAKilledRunLeftIsCleanedAndALiveRunsIsNot() throws IOException {
    Path dead = Files.createDirectory(dir.resolve("imagespec-dead"));
    Files.writeString(dead.resolve("lock"), "");
    Files.writeString(Files.createDirectory(dead.resolve("blobs")).resolve("x"), "x");
    Path foreign = Files.createDirectory(dir.resolve("imagespec-without-lock"));
    Path file = Files.writeString(dir.resolve("imagespec-file"), "");
    try (Workspace live = Workspace.open(dir)) {
      assertThat(dead).doesNotExist();
      try (Workspace second = Workspace.open(dir)) {
        assertThat(second.folder("blobs")).isNotEqualTo(live.folder("blobs"));
        assertThat(live.folder("blobs").resolveSibling("lock")).exists();
      }
      assertThat(foreign).exists();
      assertThat(file).exists();
    }
    assertThat(dir).isDirectoryNotContaining("glob:**/imagespec-[0-9]*");
  }

  private Path abandoned(String name) throws IOException {
    Path folder = Files.createDirectory(dir.resolve("imagespec-" + name));
    Files.writeString(folder.resolve("lock"), "");
    return folder;
  }

  @Test
  void withoutAWorkspaceWhatAKilledRunLeftIsCleanedToo() throws IOException {
    Path dead = abandoned("dead");
    try (Workspace live = Workspace.open(dir)) {
      Path again = abandoned("again");
      Workspace.clean(dir);
      assertThat(dead).doesNotExist();
      assertThat(again).doesNotExist();
      assertThat(live.folder("x")).exists();
    }
    assertThat(dir).isEmptyDirectory();
    Workspace.clean(dir.resolve("none"));
    assertThat(dir).isEmptyDirectory();
  }

  private static void makePipe(Path path) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
  }

  @Test
  void noLinkIsFollowedWhenAWorkspaceIsCleaned() throws IOException {
    Path victim = Files.createDirectory(dir.resolve("victim"));
    Path file = Files.writeString(victim.resolve("file"), "precious");
    Files.writeString(victim.resolve("lock"), "");
    Path link = Files.createSymbolicLink(dir.resolve("imagespec-link"), victim);
    Path dead = abandoned("dead");
    Files.createSymbolicLink(dead.resolve("folder"), victim);
    Files.createSymbolicLink(dead.resolve("file"), file);
    Path linked = Files.createDirectory(dir.resolve("imagespec-linked"));
    Files.createSymbolicLink(linked.resolve("lock"), file);
    try (Workspace live = Workspace.open(dir)) {
      assertThat(live.folder("x")).exists();
      assertThat(dead).doesNotExist();
      assertThat(link).exists();
      assertThat(linked).exists();
      assertThat(file).hasContent("precious");
    }
  }

  @Test
  @Timeout(60)
  void pipesAndDeepTreesStopNobody() throws IOException, InterruptedException {
    makePipe(dir.resolve("imagespec-pipe"));
    Path locked = Files.createDirectory(dir.resolve("imagespec-locked"));
    makePipe(locked.resolve("lock"));
    makePipe(abandoned("with-pipe").resolve("pipe"));
    Files.createDirectories(abandoned("deep").resolve("d/".repeat(300)));
    try (Workspace live = Workspace.open(dir)) {
      assertThat(live.folder("x")).exists();
      assertThat(dir.resolve("imagespec-with-pipe")).doesNotExist();
      assertThat(dir.resolve("imagespec-pipe")).exists();
      assertThat(locked).exists();
    }
  }

  @Test
  void aWorkspaceOfAnotherUserIsLeftAlone() throws IOException {
    Path foreign = abandoned("foreign");
    try {
      Files.setOwner(
          foreign,
          foreign.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    } catch (IOException e) {
      assumeTrue(false, "only root can give a folder to another user: " + e);
    }
    try (Workspace live = Workspace.open(dir)) {
      assertThat(live.folder("x")).exists();
      assertThat(foreign.resolve("lock")).exists();
    }
  }

  /** Another process would delete it if this one lost the lock. */
  @Test
  void aSecondWorkspaceInTheProcessLeavesTheFirstOnesLock()
      throws IOException, InterruptedException {
    try (Workspace first = Workspace.open(dir);
        Workspace second = Workspace.open(dir)) {
      Path lock = first.folder("x").resolveSibling("lock");
      assertThat(second.folder("x")).exists();
      Process other =
          new ProcessBuilder("python3", "-c", TRY_LOCK, lock.toString()).inheritIO().start();
      assertThat(other.waitFor()).isEqualTo(7);
    }
  }
}
