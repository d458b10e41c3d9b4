package dev.imagespec.runtime.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageIndex;
import dev.imagespec.runtime.oci.ImageManifest;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.work.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What engines save, as tars that they might write. */
class SavedArchivesTest {
  @TempDir Path dir;
  private Path tar = Path.of("");
  private Path layout = Path.of("");

  @BeforeEach
  void names() {
    tar = dir.resolve("archive.tar");
    layout = dir.resolve("layout");
  }

  @AfterEach
  void nothingIsWrittenElsewhere() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .isSubsetOf("archive.tar", "layout", "scratch");
    }
  }

  private interface Filling {
    void fill(TarArchiveOutputStream out) throws IOException;
  }

  private void archive(Filling filling) throws IOException {
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
      filling.fill(out);
    }
  }

  private static void file(TarArchiveOutputStream out, String name, String text)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(text.getBytes(UTF_8).length);
    out.putArchiveEntry(entry);
    out.write(text.getBytes(UTF_8));
    out.closeArchiveEntry();
  }

  private static void link(TarArchiveOutputStream out, String name, String to) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
    entry.setLinkName(to);
    out.putArchiveEntry(entry);
    out.closeArchiveEntry();
  }

  private void toLayout() throws IOException {
    DaemonArchive.toLayout(tar, Files.createDirectories(dir.resolve("scratch")), layout);
  }

  private byte[] blob(Descriptor descriptor) throws IOException {
    byte[] bytes = Files.readAllBytes(layout.resolve("blobs/sha256/" + descriptor.digest().hex()));
    assertThat(Digest.of(bytes)).isEqualTo(descriptor.digest());
    assertThat((long) bytes.length).isEqualTo(descriptor.size());
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"one/layer.tar", "blobs/sha256/1", "../../out/../layer", "/etc/x"})
  void aDaemonsImageBecomesALayoutWithCompressedLayers(String first) throws Exception {
    archive(
        out -> {
          file(out, first, "first layer");
          file(out, "two/layer.tar", "second layer");
          link(out, "three/layer.tar", "../two/layer.tar");
          file(out, "config.json", "{\"architecture\":\"amd64\"}");
          file(
              out,
              "manifest.json",
              "[{\"Config\":\"config.json\",\"RepoTags\":[\"x:1\"],\"Layers\":[\""
                  + first
                  + "\",\"two/layer.tar\",\"three/layer.tar\"]}]");
        });
    toLayout();
    assertThat(layout.resolve("oci-layout")).hasContent("{\"imageLayoutVersion\":\"1.0.0\"}");
    List<Descriptor> images =
        ImageIndex.parse(Files.readAllBytes(layout.resolve("index.json"))).manifests();
    assertThat(images).hasSize(1);
    ImageManifest manifest = ImageManifest.parse(blob(images.get(0)));
    assertThat(blob(manifest.config())).asString(UTF_8).isEqualTo("{\"architecture\":\"amd64\"}");
    List<String> layers = new ArrayList<>();
    for (Descriptor layer : manifest.layers()) {
      assertThat(layer.mediaType()).hasValue(MediaType.OCI_LAYER_GZIP);
      blob(layer);
      Path file = layout.resolve("blobs/sha256/" + layer.digest().hex());
      try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
        layers.add(new String(in.readAllBytes(), UTF_8));
      }
    }
    assertThat(layers).containsExactly("first layer", "second layer", "second layer");
  }

  @Test
  void aLinkThatLeadsOutOfTheArchiveOrToItselfIsNoLayer() throws IOException {
    Files.writeString(dir.resolve("archive.tar"), "");
    for (String to : List.of("../../../../../../etc/passwd", "layer.tar")) {
      archive(
          out -> {
            link(out, "a/layer.tar", to);
            file(out, "config.json", "{}");
            file(
                out,
                "manifest.json",
                "[{\"Config\":\"config.json\",\"Layers\":[\"a/layer.tar\"]}]");
          });
      Path scratch = dir.resolve("scratch");
      FileTree.delete(Files.createDirectories(scratch));
      assertThatThrownBy(this::toLayout)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("it has no file");
    }
  }

  @Test
  void anArchiveOfSeveralImagesOrOfNoneIsRefused() throws IOException {
    archive(out -> file(out, "manifest.json", "[]"));
    assertThatThrownBy(this::toLayout).hasMessage("it has 0 images");
    archive(out -> file(out, "x", "y"));
    FileTree.delete(dir.resolve("scratch"));
    assertThatThrownBy(this::toLayout).hasMessage("it has no file manifest.json");
  }

  @Test
  void onlyTheFilesOfALayoutAreTakenOutOfATar() throws IOException {
    String blob = "blobs/sha256/" + "a".repeat(64);
    archive(
        out -> {
          file(out, "./index.json", "{}");
          file(out, "oci-layout", "x");
          file(out, blob, "blob");
          file(out, "../outside", "no");
          file(out, "blobs/sha256/../../../outside", "no");
          file(out, "blobs/sha256/" + "A".repeat(64), "no");
          link(out, "blobs/sha256/" + "b".repeat(64), "/etc/passwd");
        });
    OciLayout.extract(tar, layout);
    assertThat(layout.resolve(blob)).hasContent("blob");
    try (Stream<Path> files = Files.walk(layout)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(3);
    }
  }
}
