package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in the project that somebody may not have meant, or that are odd. */
class HostileFilesTest {
  private static final String DIGEST = "sha256:[0-9a-f]{64}";

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    project = new Project(dir.resolve("app"));
    project.write("data/a.txt", "a");
  }

  private void copying(String... from) {
    copyingFor("a.Task", from);
  }

  private void copyingFor(String task, String... from) {
    project.task(
        Project.task(
            task,
            "team/app",
            Manifest.SCRATCH,
            Project.started(
                "/f",
                IntStream.range(0, from.length)
                    .mapToObj(n -> new Manifest.Copy(from[n], "/to" + n + "/", ""))
                    .toArray(Manifest.Copy[]::new)),
            "linux/amd64"));
  }

  private ImageRegistrar registrar() {
    return LocalRegistries.registrar(registries.settings(project));
  }

  private List<String> exported() throws IOException {
    Path to = dir.resolve("context");
    registrar().export("a.Task", to);
    Path copies = to.resolve("copy");
    try (java.util.stream.Stream<Path> tree = Files.walk(copies)) {
      return tree.filter(Files::isRegularFile)
          .map(file -> copies.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private void shell(String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-c", script).directory(project.dir.toFile()).start();
    assertThat(process.waitFor()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "., data/.env",
    "., data/.git/config",
    "data, data/.git/config",
    "data, data/.git",
    "data, data/.aws/credentials",
    "data, data/deep/.ssh/known_hosts",
    "data, data/deep/ID_RSA",
    "data, data/tls.PEM",
    "data, data/.docker/config.json",
    "data, data/.git-credentials"
  })
  void whatCameIntoAFolderAfterTheCompilationIsHeldBack(String copied, String file) {
    copying(copied);
    assertThat(registrar().plan().images()).hasSize(1);
    int before = registries.ecr.journal().entries().size();
    project.write(file, "secret");
    assertThatThrownBy(() -> registrar().register())
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_FILE))
        .hasMessageContaining("IMG035 copy from \"" + copied + "\"")
        .hasMessageContaining("would go into the image");
    assertThatThrownBy(this::exported).hasMessageContaining("IMG035");
    assertThat(registries.ecr.journal().entries()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "folder", "named"})
  void aLinkToASensitiveFileIsHeldBackToo(String kind) throws IOException {
    project.write(".aws/credentials", "secret");
    Path link = project.dir.resolve("data/link");
    Files.createSymbolicLink(
        link, Path.of(kind.equals("folder") ? "../.aws" : "../.aws/credentials"));
    copying(kind.equals("named") ? "data/link" : "data");
    assertThatThrownBy(() -> registrar().plan()).hasMessageContaining("IMG035");
  }

  @Test
  void aSensitiveFileGoesInWhereItIsNamed() throws IOException {
    project.write("data/.env", "x").write("data/.ssh/id_rsa", "x").write(".env", "x");
    copying("data", "data/.env", "./data/x/../.ssh", ".env");
    project.write("data/x/b", "");
    assertThat(exported())
        .contains("0/to0/.env", "0/to0/.ssh/id_rsa", "1/to1/.env", "2/to2/id_rsa", "3/to3/.env");
  }

  /** The folder's path leaves no room for the name: the fourth file fails. */
  @ParameterizedTest
  @ValueSource(strings = {"missing", "empty", "above"})
  void aFailedExportLeavesNothing(String kind) throws IOException {
    project.write("data/z/" + "n".repeat(240), "x");
    copying("data");
    Path above = dir.resolve("a".repeat(100)).resolve("b".repeat(100));
    Path to = above;
    while (to.toString().length() < 3900) {
      to = to.resolve("c".repeat(100));
    }
    if (kind.equals("empty")) {
      Files.createDirectories(to);
    } else if (kind.equals("above")) {
      Files.createDirectories(above);
    }
    Path folder = to;
    assertThatThrownBy(() -> registrar().export("a.Task", folder))
        .hasMessageEndingWith(" cannot be written: its name is too long.");
    if (kind.equals("empty")) {
      assertThat(to).isEmptyDirectory();
    } else if (kind.equals("above")) {
      assertThat(above).isEmptyDirectory();
    } else {
      assertThat(dir.resolve("a".repeat(100))).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"link", "dangling"})
  void anExportThroughALinkInItsFolderIsRefused(String kind) throws IOException {
    copying("data");
    Path to = Files.createDirectories(dir.resolve("context"));
    Path elsewhere = Files.createDirectories(dir.resolve("elsewhere"));
    Files.createSymbolicLink(
        to.resolve("copy"), kind.equals("link") ? elsewhere : dir.resolve("nowhere"));
    assertThatThrownBy(() -> registrar().export("a.Task", to))
        .hasMessageContaining(to + " is not empty");
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(dir.resolve("nowhere")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"C.UTF-8", "C", "POSIX", "en_US.ISO-8859-1"})
  void aNameThatIsNotUtf8IsAnErrorInEveryLanguage(String language) throws Exception {
    copying("data");
    shell("printf x > $'data/\\xff'; printf y > $'data/\\xfe'");
    assertThat(OtherProcess.register(project.dir, List.of(), Map.of("LC_ALL", language)))
        .startsWith("invalid-file a.Task")
        .contains("has a name that is not UTF-8")
        .contains("Rename it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "from", "to", "class path", "task"})
  void aNameThatJavaCannotHandleInALanguageIsAnErrorThatSaysSo(String where) throws Exception {
    copying("data");
    switch (where) {
      case "name" -> project.write("data/größe", "x");
      case "from" -> copying("größe");
      case "to" -> copying("data/../data");
      case "class path" -> {
        project.write("classes/größe", "x");
        project.task(
            Project.task("a.Task", "t", Project.BASE, Project.program("a.Main"), "linux/amd64"));
      }
      default -> copyingFor("a.Größe", "data");
    }
    if (where.equals("to")) {
      copyingFor("a.Task", "data");
      Path manifest = project.classes.resolve("META-INF/imagespec/a.Task/manifest.json");
      Files.writeString(manifest, Files.readString(manifest).replace("/to0/", "/größe/"));
    }
    assertThat(OtherProcess.register(project.dir, List.of(), Map.of("LC_ALL", "C")))
        .startsWith("invalid-file")
        .contains("in the language of this machine, whose charset is US-ASCII")
        .contains("LC_ALL=C.UTF-8");
  }

  @Test
  void nineteenHundredNestedFoldersAreCopied() throws Exception {
    copying("data");
    shell(
        "cd data; for i in $(seq 19); do p=$(printf 'd/%.0s' $(seq 100)); mkdir -p $p; cd $p; done;"
            + " echo x > f");
    Registration registration = registrar().register();
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.tasks()).hasSize(1);
    shell("cd data; rm -r d");
  }

  /** As a hundred thousand do into 128 MB. */
  @Test
  void twentyThousandFilesFitIntoASmallHeap() throws Exception {
    copying("data");
    shell("cd data; for i in $(seq 200); do mkdir d$i; (cd d$i; touch f{1..100}); done");
    // On a slow machine, it says first that it takes a while.
    assertThat(OtherProcess.register(project.dir, List.of("-Xmx32m"), Map.of()).lines().toList())
        .last()
        .asString()
        .matches(DIGEST);
  }

  @Test
  @EnabledIfSystemProperty(named = "it.full", matches = "true", disabledReason = "runs with -Pfull")
  void aHundredThousandFilesFitIntoTheHeap() throws Exception {
    copying("data");
    shell("cd data; for i in $(seq 1000); do mkdir d$i; (cd d$i; touch f{1..100}); done");
    assertThat(OtherProcess.register(project.dir, List.of("-Xmx128m"), Map.of()).lines().toList())
        .last()
        .asString()
        .matches(DIGEST);
  }

  @Test
  @EnabledIfSystemProperty(named = "it.full", matches = "true", disabledReason = "runs with -Pfull")
  void aFileOfThreeGigabytesStreams() throws Exception {
    copying("data");
    shell("truncate -s 3G data/large");
    assertThat(OtherProcess.register(project.dir, List.of("-Xmx64m"), Map.of()).lines().toList())
        .last()
        .asString()
        .matches(DIGEST);
  }

  @Test
  void aFileThatIsLargerThanTheHeapStreams() throws Exception {
    copying("data");
    shell("truncate -s 200M data/large");
    assertThat(OtherProcess.register(project.dir, List.of("-Xmx40m"), Map.of()).lines().toList())
        .last()
        .asString()
        .matches(DIGEST);
  }

  @Test
  void aRecordsNameMayBeAsLongAsNamesCanBe() {
    copying("data");
    Path record = dir.resolve("r".repeat(250));
    LocalRegistries.registrar(registries.settings(project).record(record)).register();
    assertThat(record).isRegularFile().content().contains("a.Task");
    assertThat(Arrays.stream(dir.toFile().list())).noneMatch(name -> name.endsWith(".tmp"));
  }
}
