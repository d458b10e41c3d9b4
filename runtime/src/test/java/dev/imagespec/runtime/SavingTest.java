package dev.imagespec.runtime;

import static dev.imagespec.runtime.LocalRegistries.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.Journal;
import dev.imagespec.testkit.RegistryServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SavingTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path dir;
  @TempDir Path out;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final EcrServer ecr = registries.ecr;
  private final RegistryServer bases = registries.other;
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    FakeEngine.reset();
    project = new Project(dir);
    registries.pushBaseFor("linux/amd64", "linux/arm64");
  }

  private Settings settings() {
    return registries
        .settings(project)
        .engine("fake")
        .engineLogs(dir.resolve("logs"))
        .temp(Path.of(System.getProperty("java.io.tmpdir")))
        .build();
  }

  private SavedImage save(String task, Path to) {
    return ImageRegistrar.of(settings()).save(task, to);
  }

  private Registration register() {
    Registration registration =
        ImageRegistrar.of(settings()).withTaskRegistrars(List.of()).register();
    assertThat(registration.failures()).isEmpty();
    return registration;
  }

  private static Manifest.Environment apt() {
    return new Manifest.Environment(
        List.of("git"), List.of(), "", "", List.of(), List.of(), List.of());
  }

  /** The files of a tar, by name; what is no layout of exactly one image fails. */
  private static Map<String, byte[]> files(Path tar) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(tar))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.isFile()) {
          byte[] bytes = in.readAllBytes();
          files.put(entry.getName(), bytes);
          if (entry.getName().startsWith("blobs/")) {
            assertThat(entry.getName()).isEqualTo("blobs/sha256/" + Digest.of(bytes).hex());
          }
        }
      }
    }
    return files;
  }

  private static JsonNode json(Map<String, byte[]> files, String name) throws IOException {
    assertThat(files).containsKey(name);
    return JSON.readTree(files.get(name));
  }

  private static JsonNode blob(Map<String, byte[]> files, JsonNode descriptor) throws IOException {
    return json(
        files, "blobs/sha256/" + descriptor.path("digest").asText().substring("sha256:".length()));
  }

  private void assertNothingIsWritten() {
    assertThat(writes(ecr.journal())).isEmpty();
    assertThat(writes(bases.journal())).isEmpty();
  }

  private static List<String> writes(Journal journal) {
    return journal.entries().stream()
        .map(Journal.Entry::operation)
        .filter(
            operation ->
                operation.matches("(?:PUT|POST|PATCH|DELETE) .*|(?:Create|Put|Set|Delete).*"))
        .toList();
  }

  @Test
  void theTarIsTheImageThatARegistrationPushes() throws IOException {
    project
        .write("classes/data.txt", "data")
        .task(
            Project.task(
                "a.One", "team/app", Project.BASE, Project.program("a.One"), "linux/amd64"));
    Path tar = out.resolve("new/folder/one.tar");
    SavedImage saved = save("a.One", tar);
    assertNothingIsWritten();

    Map<String, byte[]> files = files(tar);
    JsonNode entry = json(files, "index.json").path("manifests").path(0);
    assertThat(json(files, "index.json").path("manifests")).hasSize(1);
    assertThat(entry.path("digest").asText()).isEqualTo(saved.digest().toString());
    assertThat(entry.path("annotations").path("io.containerd.image.name").asText())
        .isEqualTo(saved.name());
    assertThat(json(files, "oci-layout").path("imageLayoutVersion").asText()).isEqualTo("1.0.0");
    JsonNode docker = json(files, "manifest.json").path(0);
    assertThat(docker.path("RepoTags").path(0).asText())
        .isEqualTo(saved.name())
        .startsWith(ecr.registry() + "/team/app:is1-");
    JsonNode config = json(files, docker.path("Config").asText());
    assertThat(docker.path("Layers")).hasSize(config.path("rootfs").path("diff_ids").size());
    for (int i = 0; i < docker.path("Layers").size(); i++) {
      byte[] layer = files.get(docker.path("Layers").path(i).asText());
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(layer))) {
        assertThat(Digest.of(in.readAllBytes()).toString())
            .isEqualTo(config.path("rootfs").path("diff_ids").path(i).asText());
      }
    }
    assertThat(saved.bytes())
        .isEqualTo(
            files.entrySet().stream()
                .filter(file -> file.getKey().startsWith("blobs/"))
                .filter(file -> !file.getKey().endsWith(saved.digest().hex()))
                .mapToLong(file -> file.getValue().length)
                .sum());
    assertThat(digest(register(), "a.One")).isEqualTo(saved.digest().toString());

    // Now the repository has it, and it comes from there: with the same bytes.
    Path again = out.resolve("again.tar");
    ecr.journal().clear();
    bases.journal().clear();
    assertThat(save("a.One", again).digest()).isEqualTo(saved.digest());
    assertNothingIsWritten();
    assertThat(bases.journal().count("GET blob")).as("all comes from the repository").isZero();
    assertThat(again).hasSameBinaryContentAs(tar);
  }

  @Test
  void aFolderHasTheSameFilesAndAnOldTarIsReplaced() throws IOException {
    project.task(Project.task("a.One", "team/app", "x"));
    Path folder = Files.createDirectory(out.resolve("empty"));
    Path tar = Files.writeString(out.resolve("one.tar"), "old");
    SavedImage saved = save("a.One", folder);
    assertThat(save("a.One", tar).digest()).isEqualTo(saved.digest());
    Map<String, byte[]> files = files(tar);
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        assertThat(files.remove(folder.relativize(file).toString()))
            .as(file.toString())
            .isEqualTo(Files.readAllBytes(file));
      }
    }
    assertThat(files).isEmpty();
    assertThatThrownBy(() -> save("a.One", folder)).hasMessageContaining("is not empty");
    try (Stream<Path> all = Files.list(out)) {
      assertThat(all).containsExactlyInAnyOrder(folder, tar);
    }
  }

  @Test
  void severalPlatformsAreAnIndexOfWhichDockersOwnStoreTakesOne() throws IOException {
    project.task(
        Project.task(
            "a.One",
            "team/app",
            Project.BASE,
            Project.payload(Map.of("A", "b")),
            "linux/arm64",
            "linux/amd64"));
    Path tar = out.resolve("one.tar");
    SavedImage saved = save("a.One", tar);
    assertThat(saved.platforms())
        .containsExactly(Platform.parse("linux/amd64"), Platform.parse("linux/arm64"));
    assertThat(saved.loadable()).isEqualTo(Platform.parse("linux/amd64"));
    Map<String, byte[]> files = files(tar);
    JsonNode index = blob(files, json(files, "index.json").path("manifests").path(0));
    assertThat(index.path("manifests")).hasSize(2);
    for (JsonNode child : index.path("manifests")) {
      JsonNode config = blob(files, blob(files, child).path("config"));
      assertThat(config.path("architecture"))
          .isEqualTo(child.path("platform").path("architecture"));
    }
    JsonNode docker = json(files, "manifest.json").path(0);
    assertThat(json(files, docker.path("Config").asText()).path("architecture").asText())
        .isEqualTo("amd64");
    assertThat(digest(register(), "a.One")).isEqualTo(saved.digest().toString());
    Path again = out.resolve("again.tar");
    save("a.One", again);
    assertThat(again).hasSameBinaryContentAs(tar);
  }

  @Test
  void aChainOfBasesIsComposedHereAsFarAsItIsNotThere() {
    project
        .task(Project.task("a.Base", "team/app", "base"))
        .task(Project.basedOn("a.Base", Project.task("a.Top", "team/app", "top")))
        .task(Project.basedOn("a.Top", Project.task("a.Tip", "team/tip", "tip")));
    SavedImage here = save("a.Tip", out.resolve("here"));
    assertNothingIsWritten();
    Registration top =
        LocalRegistries.registrar(registries.settings(project).classes(List.of("a.Top")))
            .register();
    assertThat(top.failures()).isEmpty();
    ecr.journal().clear();
    bases.journal().clear();
    assertThat(save("a.Tip", out.resolve("half")).digest()).isEqualTo(here.digest());
    assertThat(bases.journal().count("GET blob")).as("the base's image is read").isZero();
    assertThat(digest(register(), "a.Tip")).isEqualTo(here.digest().toString());
  }

  @Test
  void anEnvironmentThatNoRegistryHasIsBuiltAndNotPushed() throws IOException {
    project.task(Project.with(apt(), Project.task("a.One", "team/app", "x")));
    Path tar = out.resolve("one.tar");
    save("a.One", tar);
    assertNothingIsWritten();
    assertThat(FakeEngine.BUILDS).hasSize(1);
    Map<String, byte[]> files = files(tar);
    JsonNode manifest = blob(files, json(files, "index.json").path("manifests").path(0));
    assertThat(manifest.path("layers")).as("two of the base, one of the step").hasSize(3);
    JsonNode config = blob(files, manifest.path("config"));
    assertThat(config.path("config").path("User").asText()).as("the base's").isEqualTo("7");
    assertThat(config.path("rootfs").path("diff_ids")).hasSize(3);
  }

  @Test
  void anEnvironmentOfSeveralPlatformsIsBuiltTogetherWhereTheBuilderCan() throws IOException {
    FakeEngine.byDigest = true;
    project.task(
        Project.with(
            apt(),
            Project.task(
                "a.One",
                "team/app",
                Project.BASE,
                Project.payload(Map.of()),
                "linux/arm64",
                "linux/amd64")));
    Path tar = out.resolve("one.tar");
    assertThat(save("a.One", tar).platforms()).hasSize(2);
    assertThat(FakeEngine.BUILDS).hasSize(1);
    Map<String, byte[]> files = files(tar);
    JsonNode index = blob(files, json(files, "index.json").path("manifests").path(0));
    for (JsonNode child : index.path("manifests")) {
      assertThat(blob(files, child).path("layers")).hasSize(3);
    }
    assertNothingIsWritten();
  }

  @Test
  void anEnvironmentThatTheRegistryHasIsTakenFromThere() {
    project.task(Project.with(apt(), Project.task("a.One", "team/app", "x")));
    register();
    project.task(Project.with(apt(), Project.task("a.One", "team/app", "changed")));
    FakeEngine.BUILDS.clear();
    SavedImage saved = save("a.One", out.resolve("one.tar"));
    assertThat(FakeEngine.BUILDS).isEmpty();
    assertThat(digest(register(), "a.One")).isEqualTo(saved.digest().toString());
  }

  @Test
  void anEnvironmentOnAnImageThatNoRegistryHasSaysWhatToRegister() {
    project
        .task(Project.task("a.Base", "team/app", "base"))
        .task(
            Project.with(
                apt(), Project.basedOn("a.Base", Project.task("a.Top", "team/app", "top"))));
    assertThatThrownBy(() -> save("a.Top", out.resolve("top.tar")))
        .isInstanceOf(ImageSpecException.class)
        .hasMessageContaining("imagespec register --class a.Base");
    assertThat(FakeEngine.BUILDS).isEmpty();
    register();
    save("a.Top", out.resolve("top.tar"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"new/one.tar", "new/folder"})
  void whatFailsLeavesNothing(String to) throws IOException {
    project.task(Project.task("a.One", "team/app", "x"));
    bases.inject(Fault.replace("GET blob", 100, 404, "{}"));
    assertThatThrownBy(() -> save("a.One", out.resolve(to))).isInstanceOf(ImageSpecException.class);
    try (Stream<Path> all = Files.list(out)) {
      assertThat(all).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "file", "folder.tar", "link.tar", "a.tgz", "a.tar.gz", "-"})
  void aWrongPlaceIsRefusedBeforeTheFirstRequest(String to) throws IOException {
    project.task(Project.task("a.One", "team/app", "x"));
    Files.createDirectories(out.resolve("full/of"));
    Files.createDirectory(out.resolve("folder.tar"));
    Files.writeString(out.resolve("file"), "");
    Files.createSymbolicLink(out.resolve("link.tar"), Path.of("/dev/null"));
    assertThatThrownBy(() -> save("a.One", out.resolve(to)))
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_SETTING))
        .hasMessageContaining("with --to");
    assertThat(ecr.journal().entries()).isEmpty();
    assertThat(bases.journal().entries()).isEmpty();
  }
}
