package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Digest;
import dev.imagespec.model.FileOwner;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.resolve.Content;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Owners in the tars of layers and of build contexts. */
class OwnedLayerTest {
  private static final FileOwner OPENSHIFT = FileOwner.parse("1000660000:4294967294");

  @TempDir Path dir;

  private static LayerEntry folder(String path, FileOwner owner) {
    return new LayerEntry(path, "755", new Content.Folder(), owner);
  }

  private static LayerEntry text(String path, FileOwner owner) {
    return new LayerEntry(path, "640", new Content.OfText("x"), owner);
  }

  /** What each path is at last: a tar may name a folder more than once. */
  private static Map<String, String> read(InputStream tar) throws IOException {
    Map<String, String> entries = new TreeMap<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(tar, StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        assertThat(entry.getUserName() + entry.getGroupName()).isEmpty();
        assertThat(entry.getLastModifiedTime().toMillis()).isEqualTo(1_000);
        entries.put(
            entry.getName(),
            Integer.toOctalString(entry.getMode() & 07777)
                + " "
                + entry.getLongUserId()
                + ":"
                + entry.getLongGroupId());
      }
    }
    return entries;
  }

  private Map<String, String> built(List<LayerEntry> entries) throws IOException {
    try (Workspace workspace = Workspace.open(dir)) {
      BlobSource blob =
          new LayerBuilder(workspace, MachineMemory.none())
              .build(new Layer("files", entries))
              .blob();
      return read(new GZIPInputStream(blob.open()));
    }
  }

  @Test
  void aFileAndAFolderHaveTheirOwnersAndFoldersAboveAreRoots() throws IOException {
    assertThat(built(List.of(folder("/a/b", OPENSHIFT), text("/a/b/c", FileOwner.parse("7")))))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("a/", "755 0:0", "a/b/", "755 1000660000:4294967294", "a/b/c", "640 7:7"));
  }

  /** Jib gets a long layer in parts, and would write the folders above a part as root's. */
  @Test
  void ownersOfFoldersStayInALayerOfManyFiles() throws IOException {
    List<LayerEntry> entries = new ArrayList<>();
    entries.add(folder("/a", OPENSHIFT));
    for (int n = 10_000; n < 30_000; n++) {
      entries.add(text("/a-" + n, FileOwner.ROOT));
    }
    entries.add(folder("/a/b", FileOwner.parse("7")));
    entries.add(text("/a/b/c", FileOwner.ROOT));
    assertThat(built(entries))
        .hasSize(20_003)
        .containsEntry("a/", "755 1000660000:4294967294")
        .containsEntry("a/b/", "755 7:7")
        .containsEntry("a/b/c", "640 0:0");
  }

  @Test
  void anArchiveOfAContextHasItsEntriesAndNoOthers() throws IOException {
    Path file = dir.resolve("x.tar");
    ContextArchive.write(
        file,
        List.of(
            folder("/a/b", OPENSHIFT),
            text("/a/b/é" + "c".repeat(200), OPENSHIFT),
            text("/$A \"", FileOwner.ROOT)));
    assertThat(read(Files.newInputStream(file)))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "a/b/",
                "755 " + OPENSHIFT,
                "a/b/é" + "c".repeat(200),
                "640 " + OPENSHIFT,
                "$A \"",
                "640 0:0"));
    Path again = dir.resolve("y.tar");
    ContextArchive.write(
        again,
        List.of(
            folder("/a/b", OPENSHIFT),
            text("/a/b/é" + "c".repeat(200), OPENSHIFT),
            text("/$A \"", FileOwner.ROOT)));
    assertThat(Digest.of(Files.readAllBytes(again))).isEqualTo(Digest.of(Files.readAllBytes(file)));
  }

  @Test
  void aFileThatChangedSinceItsDigestIsAnError() throws IOException {
    Path file = Files.writeString(dir.resolve("f"), "one");
    Content.OfFile content =
        new Content.OfFile(file, Digest.of("one".getBytes(StandardCharsets.UTF_8)), 3);
    int n = 0;
    for (String other : List.of("two", "on", "longer")) {
      Files.writeString(file, other);
      Path tar = dir.resolve("tar" + n++);
      assertThatThrownBy(
              () -> ContextArchive.write(tar, List.of(new LayerEntry("/f", "644", content))))
          .as(other)
          .isInstanceOfSatisfying(
              ImageSpecException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.FILE_CHANGED));
    }
  }
}
