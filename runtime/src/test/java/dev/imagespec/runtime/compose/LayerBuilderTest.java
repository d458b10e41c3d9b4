package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.memory.KnownLayer;
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
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerBuilderTest {
  @TempDir Path dir;

  private final MachineMemory memory = MachineMemory.none();

  private Path sources() throws IOException {
    return Files.createDirectories(dir.resolve("sources"));
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private List<Path> inWorkspace() throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.startsWith(dir.resolve("sources")) && !file.endsWith("lock"))
          .toList();
    }
  }

  /** Fingerprints promise the tar's bytes; gzip's may change with a release. */
  @Test
  void theTarIsTheOneOfEarlierReleases() throws IOException {
    try (Workspace workspace = Workspace.open(dir);
        LayerBuilder builder = new LayerBuilder(workspace, memory)) {
      BuiltLayer built = builder.build(LayerSample.of(sources()));
      assertThat(built.diffId())
          .hasToString("sha256:207e638c3982c3f39f871b8661cdbb0346966111ea5fa7d4719ab3d0c921afc8");
      byte[] gzip = read(built.blob());
      assertThat(Digest.of(gzip)).isEqualTo(built.blob().digest());
      assertThat(gzip).hasSize((int) built.blob().size());
      try (InputStream tar = new GZIPInputStream(built.blob().open())) {
        assertThat(Digest.of(tar.readAllBytes())).isEqualTo(built.diffId());
      }
    }
  }

  private static byte[] read(BlobSource blob) throws IOException {
    try (InputStream in = blob.open()) {
      return in.readAllBytes();
    }
  }

  @Test
  void ofAnArchiveOneEntryIsUnpackedAtATime() throws IOException {
    List<LayerEntry> entries = LayerSample.packed(sources().resolve("app.war"), 20, 10_000);
    Path folder = Files.createDirectory(dir.resolve("unpacked"));
    LayerCheck check = new LayerCheck(new Layer("app", entries));
    long most = 0;
    try (PackedEntries packed = new PackedEntries(folder, check)) {
      for (LayerEntry entry : entries) {
        Path place = packed.place((Content.OfEntry) entry.content());
        assertThat(place).as("jib asks for its size").hasSize(10_000);
      }
      for (LayerEntry entry : entries) {
        packed.begin(
            new TarReader.Entry(entry.path().substring(1), '0', 0644, 0, 0, entry.bytes()));
        most = Math.max(most, written(folder));
        packed.end(entry.digest().orElseThrow());
      }
      assertThat(written(folder)).isZero();
    }
    assertThat(most).isEqualTo(10_000);
    assertThat(folder).isEmptyDirectory();
  }

  /** How many bytes files have that were ever written: what is not is a hole. */
  private static long written(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        byte[] content = Files.readAllBytes(file);
        boolean isHole = true;
        for (byte b : content) {
          isHole &= b == 0;
        }
        bytes += isHole ? 0 : content.length;
      }
    }
    return bytes;
  }

  @Test
  void nothingButTheLayerIsLeftOnTheDisk() throws IOException {
    List<LayerEntry> entries = LayerSample.packed(sources().resolve("app.war"), 20, 10_000);
    try (Workspace workspace = Workspace.open(dir);
        LayerBuilder builder = new LayerBuilder(workspace, memory)) {
      BuiltLayer built = builder.build(new Layer("app", entries));
      assertThat(inWorkspace())
          .singleElement()
          .satisfies(file -> assertThat(file).hasSize(built.blob().size()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"two", "on", "longer", ""})
  void aFileThatChangedSinceItsDigestIsAnError(String now) throws IOException {
    LayerEntry entry = LayerSample.file(sources(), "/f", "one".getBytes(StandardCharsets.UTF_8));
    Files.writeString(((Content.OfFile) entry.content()).path(), now);
    assertChanged(List.of(entry));
  }

  @Test
  void anArchiveThatChangedSinceItsDigestIsAnError() throws IOException {
    List<LayerEntry> entries = LayerSample.packed(sources().resolve("app.war"), 5, 1_000);
    LayerSample.packed(sources().resolve("app.war"), 5, 999);
    assertChanged(entries);
    LayerSample.packed(sources().resolve("app.war"), 4, 1_000);
    assertChanged(entries);
    Files.writeString(sources().resolve("app.war"), "none");
    assertChanged(entries);
  }

  private void assertChanged(List<LayerEntry> entries) {
    try (Workspace workspace = Workspace.open(dir);
        LayerBuilder builder = new LayerBuilder(workspace, memory)) {
      assertThatThrownBy(() -> builder.build(new Layer("files", entries)))
          .isInstanceOfSatisfying(
              ImageSpecException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.FILE_CHANGED));
    }
    assertThat(memory.layer(new Layer("files", entries).inputDigest())).isEmpty();
  }

  @Test
  void aRememberedLayerIsWrittenWhenItsBytesAreNeeded() throws IOException {
    Layer layer = LayerSample.of(sources());
    byte[] before;
    try (Workspace workspace = Workspace.open(dir);
        LayerBuilder builder = new LayerBuilder(workspace, memory)) {
      before = read(builder.build(layer).blob());
    }
    try (Workspace workspace = Workspace.open(dir);
        LayerBuilder builder = new LayerBuilder(workspace, memory)) {
      BuiltLayer again = builder.build(layer);
      assertThat(again.blob().digest()).isEqualTo(Digest.of(before));
      assertThat(again.blob().size()).isEqualTo(before.length);
      assertThat(inWorkspace()).as("not written").isEmpty();
      again.blob().prepare();
      assertThat(inWorkspace()).isNotEmpty();
      assertThat(read(again.blob())).isEqualTo(before);
    }
  }

  @Test
  void aRememberedLayerOfAFileThatChangedIsAnErrorWhenItIsWritten() throws IOException {
    LayerEntry entry = LayerSample.file(sources(), "/f", "one".getBytes(StandardCharsets.UTF_8));
    Layer layer = new Layer("files", List.of(entry));
    memory.learn(layer.inputDigest(), new KnownLayer(digest("a"), 7, digest("b")));
    Files.writeString(((Content.OfFile) entry.content()).path(), "two");
    try (Workspace workspace = Workspace.open(dir);
        LayerBuilder builder = new LayerBuilder(workspace, memory)) {
      BlobSource blob = builder.build(layer).blob();
      assertThatThrownBy(blob::prepare)
          .isInstanceOfSatisfying(
              ImageSpecException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.FILE_CHANGED));
    }
  }

  @Test
  void aWronglyRememberedLayerIsNotSentAndThenRight() throws IOException {
    Layer layer =
        new Layer(
            "files",
            List.of(LayerSample.file(sources(), "/f", "one".getBytes(StandardCharsets.UTF_8))));
    BuiltLayer right;
    try (Workspace workspace = Workspace.open(dir);
        LayerBuilder builder = new LayerBuilder(workspace, MachineMemory.none())) {
      right = builder.build(layer);
    }
    KnownLayer known = new KnownLayer(right.blob().digest(), right.blob().size(), right.diffId());
    for (KnownLayer wrong :
        List.of(
            new KnownLayer(digest("x"), known.size(), known.diffId()),
            new KnownLayer(known.digest(), known.size() + 1, known.diffId()),
            new KnownLayer(known.digest(), known.size(), digest("x")))) {
      memory.learn(layer.inputDigest(), wrong);
      try (Workspace workspace = Workspace.open(dir);
          LayerBuilder builder = new LayerBuilder(workspace, memory)) {
        BlobSource blob = builder.build(layer).blob();
        assertThatThrownBy(blob::open)
            .isInstanceOfSatisfying(
                ImageSpecException.class,
                e -> assertThat(e.code()).isEqualTo(FailureCode.DIGEST_MISMATCH));
        assertThat(memory.layer(layer.inputDigest())).hasValue(known);
        builder.distrust();
        assertThat(builder.build(layer).blob().digest()).isEqualTo(known.digest());
      }
    }
  }
}
