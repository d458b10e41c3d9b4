package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.engine.EngineBuild;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registrations of tasks on a Dockerfile of the project, with an engine that runs nothing. */
class OwnDockerfileTest {
  private static final String TEXT =
      "# syntax=docker/dockerfile:1\nFROM registry.example/base:1\nCOPY lib app.py /app/\n"
          + "COPY --from=registry.example/tool:2 /t /t\nRUN make\n";

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final RegistryServer bases = registries.other;
  private final List<RegistrationEvent> events = Collections.synchronizedList(new ArrayList<>());
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    FakeEngine.reset();
    project = new Project(dir.resolve("p"));
    base("base", "1", "a");
    base("tool", "2", "tool");
    project
        .write("docker/Dockerfile", TEXT)
        .write("docker/app.py", "app")
        .write("docker/lib/a.py", "a")
        .write("docker/lib/a.tmp", "left")
        .write("docker/.dockerignore", "**/*.tmp\n")
        .write("docker/unread", "unread");
    task("a.One", "team/app", "docker/Dockerfile", "");
  }

  private void base(String repository, String tag, String content) {
    bases.push(
        repository,
        tag,
        TestImage.builder()
            .layer("etc/a", content)
            .platforms("linux/amd64", "linux/arm64")
            .config(
                Map.of(
                    "Env",
                    List.of("PATH=/bin"),
                    "User",
                    "7",
                    "Healthcheck",
                    Map.of("Test", List.of())))
            .build());
  }

  private void task(
      String name, String repository, String dockerfile, String context, String... platforms) {
    project.task(
        Project.on(
            new Manifest.OwnDockerfile(dockerfile, context),
            Project.task(
                name,
                repository,
                "",
                Project.payload(Map.of("WHO", name)),
                platforms.length == 0 ? new String[] {"linux/amd64"} : platforms)));
  }

  private SettingsBuilder settings() {
    return registries
        .settings(project)
        .history(dir.resolve("cache/imagespec/history"))
        .engine("fake")
        .engineLogs(dir.resolve("logs"));
  }

  private ImageRegistrar registrar(SettingsBuilder settings) {
    return LocalRegistries.registrar(settings).withListener(events::add);
  }

  private Registration register() {
    Registration registration = registrar(settings()).register();
    assertThat(registration.failures()).isEmpty();
    return registration;
  }

  private static String digest(Registration registration, String task) {
    return registration.images().stream()
        .filter(image -> image.tasks().contains(task))
        .map(image -> image.reference().substring(image.reference().indexOf('@') + 1))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(file -> !file.equals(folder))
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  /** Has the engine look at its context. */
  private List<String> seen() {
    List<String> seen = new ArrayList<>();
    FakeEngine.before =
        (build, output) -> {
          try {
            EngineBuild.Own own = build.own().orElseThrow();
            seen.add(Files.readString(own.dockerfile()));
            seen.addAll(files(build.context()));
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        };
    return seen;
  }

  @Test
  void theEngineGetsDigestsAndTheFilesThatAreReadAndItsConfigurationStays() throws IOException {
    List<String> seen = seen();
    Registration registration = register();
    String base = bases.registry() + "/base@sha256:";
    assertThat(seen.get(0))
        .startsWith("#\nFROM " + base)
        .contains("COPY --from=" + bases.registry() + "/tool@sha256:")
        .contains("RUN make\n")
        .doesNotContain("base:1", "tool:2");
    assertThat(seen.subList(1, seen.size())).containsExactly("app.py", "lib", "lib/a.py");
    EngineBuild build = FakeEngine.BUILDS.get(0);
    assertThat(build.target()).isEmpty();
    assertThat(build.arguments()).isEmpty();
    assertThat(build.steps()).isEqualTo(3);
    assertThat(build.own().orElseThrow().images())
        .hasSize(2)
        .allMatch(image -> image.contains("@"));
    assertThat(events.toString()).contains("COPY lib app.py /app/");

    JsonNode image = registries.manifest("team/app", digest(registration, "a.One"));
    JsonNode config = registries.config("team/app", image).path("config");
    assertThat(image.path("layers")).hasSize(2);
    assertThat(config.path("User").asText()).as("the engine's, not the base's").isEqualTo("0");
    assertThat(config.has("X-Engine")).isFalse();
    assertThat(config.has("Healthcheck")).isFalse();
    assertThat(config.path("Env").toString()).isEqualTo("[\"PATH=/bin\",\"WHO=a.One\"]");
    assertThat(config.path("Labels").path("org.opencontainers.image.base.name").asText())
        .isEqualTo("registry.example/base:1");
  }

  @Test
  void theSameContentIsBuiltOnceWhereverItIs() {
    project
        .write("other/My.Dockerfile", TEXT.replace("\n", "\r\n"))
        .write("other/ctx/app.py", "app")
        .write("other/ctx/lib/a.py", "a")
        .write("other/ctx/lib/b.log", "b")
        .write("other/ctx/.dockerignore", "lib/a.py\n")
        .write("other/My.Dockerfile.dockerignore", "*\n!app.py\n!lib\n**/*.log\n");
    task("a.Two", "team/app", "other/My.Dockerfile", "other/ctx");
    for (int i = 0; i < 10; i++) {
      task("b.Task" + i, "team/more", "docker/Dockerfile", "docker");
    }
    assertThat(register().images()).hasSize(12);
    assertThat(FakeEngine.BUILDS).hasSize(1);
  }

  @Test
  void onlyWhatIsReadMakesAnotherEnvironment() throws IOException {
    Registration first = register();
    project.write("docker/unread", "other").write("docker/lib/a.tmp", "other");
    Files.setLastModifiedTime(
        project.dir.resolve("docker/app.py"), java.nio.file.attribute.FileTime.fromMillis(0));
    base("base", "1", "moved");
    assertThat(digest(register(), "a.One")).isEqualTo(digest(first, "a.One"));
    assertThat(FakeEngine.BUILDS).hasSize(1);

    project.write("docker/lib/new.py", "new");
    register();
    assertThat(FakeEngine.BUILDS).as("a new file in a folder that is read").hasSize(2);
    assertThat(project.dir.resolve("docker/app.py").toFile().setExecutable(true)).isTrue();
    register();
    assertThat(FakeEngine.BUILDS).as("a mode").hasSize(3);
    project.write("docker/Dockerfile", TEXT + "# comment\n");
    register();
    assertThat(FakeEngine.BUILDS).as("the text").hasSize(4);
    Files.createSymbolicLink(project.dir.resolve("docker/lib/link"), Path.of("a.py"));
    register();
    assertThat(FakeEngine.BUILDS).as("a link").hasSize(5);
    registrar(settings()).lock();
    register();
    assertThat(FakeEngine.BUILDS).as("a base that moved, once the lock follows").hasSize(6);
    assertThat(registrar(settings().force(true)).register().failures()).isEmpty();
    assertThat(FakeEngine.BUILDS).as("--force").hasSize(7);
    register();
    assertThat(FakeEngine.BUILDS).hasSize(7);
  }

  @Test
  void theLockHasEveryImageOfTheDockerfile() throws IOException {
    assertThatThrownBy(() -> registrar(settings().locked(true)).register())
        .hasMessageContaining("registry.example/base:1, registry.example/tool:2");
    registrar(settings()).lock();
    assertThat(Files.readString(settings().build().lock()))
        .contains("registry.example/base:1", "registry.example/tool:2");
    assertThat(registrar(settings().locked(true)).register().failures()).isEmpty();
    assertThat(registrar(settings()).lock().bases()).hasSize(2);
  }

  @Test
  void aPlanSaysWhatChanged() {
    register();
    Plan.Image same = registrar(settings()).plan().images().get(0);
    assertThat(same.action()).isEqualTo(Plan.Action.REUSE);
    assertThat(same.base()).isEqualTo("docker/Dockerfile");

    project
        .write("docker/app.py", "other")
        .write("docker/lib/b.py", "b")
        .write("docker/Dockerfile", TEXT + "USER 1\n");
    base("tool", "2", "moved");
    registrar(settings()).lock();
    Plan.Image image = registrar(settings()).plan().images().get(0);
    List<String> lines = image.comparisons().get(0).lines();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith("base registry.example/tool:2: ");
    assertThat(lines.get(1)).isEqualTo("environment: Dockerfile changed, will be built by fake");
    assertThat(lines.get(2))
        .isEqualTo("~ context: app.py changed, lib/b.py new, will be built by fake");
    assertThat(image.comparisons().get(0).changes().stream().map(Change::kind))
        .containsExactly(
            Change.Kind.BASE, Change.Kind.DOCKERFILE, Change.Kind.CONTEXT, Change.Kind.CONTEXT);
  }

  @Test
  void severalPlatformsAreBuiltTogetherFromTheIndex() {
    FakeEngine.byDigest = true;
    List<String> seen = seen();
    task("a.One", "team/app", "docker/Dockerfile", "", "linux/amd64", "linux/arm64");
    register();
    assertThat(FakeEngine.BUILDS).hasSize(1);
    assertThat(FakeEngine.BUILDS.get(0).platforms()).hasSize(2);
    String index =
        Digest.of(bases.manifest("base", "1").orElseThrow().getBytes(StandardCharsets.UTF_8))
            .toString();
    assertThat(seen.get(0)).contains("/base@" + index);

    FakeEngine.reset();
    project.write(
        "docker/Dockerfile",
        "ARG X=1\nFROM registry.example/base-${TARGETARCH}:${X}\nCOPY app.py /\n");
    base("base-amd64", "1", "amd64");
    base("base-arm64", "1", "arm64");
    FakeEngine.byDigest = true;
    register();
    assertThat(FakeEngine.BUILDS).as("each has another text").hasSize(2);
  }

  @Test
  void whatUsuallyHoldsCredentialsIsRefusedUnlessItIsNamed() {
    project.write("docker/lib/.env", "TOKEN=1");
    assertThatThrownBy(this::register)
        .hasMessageContaining("a.One: docker/Dockerfile: it reads docker/lib/.env")
        .hasMessageContaining("docker/.dockerignore");
    project.write("docker/.dockerignore", "**/*.tmp\n**/.env\n");
    register();
    project
        .write("docker/.dockerignore", "")
        .write("docker/Dockerfile", TEXT + "COPY lib/.env /app/\n");
    register();
    assertThat(FakeEngine.BUILDS).hasSize(2);
  }

  /** It would read files that the context does not have. */
  @ParameterizedTest
  @ValueSource(strings = {"", "--platform=$BUILDPLATFORM "})
  void anImageWithInstructionsForThoseOnTopOfItIsRefusedAsAStart(String platform) {
    bases.push(
        "on",
        "1",
        TestImage.builder()
            .layer("a", "a")
            .platforms("linux/amd64", "linux/arm64")
            .config(Map.of("OnBuild", List.of("COPY . /src")))
            .build());
    project.write(
        "docker/Dockerfile",
        "FROM "
            + platform
            + "registry.example/on:1 AS one\nFROM registry.example/base:1\nCOPY --from=one /src /src\n");
    assertThat(registrar(settings()).register().failures().toString())
        .contains("registry.example/on:1 has ONBUILD");
    assertThat(FakeEngine.BUILDS).isEmpty();
    project.write(
        "docker/Dockerfile",
        "FROM registry.example/base:1\nCOPY --from=registry.example/on:1 /a /a\n");
    register();
  }

  @Test
  void theNameOfTheContextSaysNothingOfWhatIsInIt() {
    project
        .write(".docker/Dockerfile", "FROM registry.example/base:1\nCOPY . /app/\n")
        .write(".docker/app.py", "app");
    task("a.One", "team/app", ".docker/Dockerfile", "");
    register();
    project.write(".docker/id_rsa", "key");
    assertThatThrownBy(this::register).hasMessageContaining("it reads .docker/id_rsa");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FROM registry.example/base:1\nRNU x\n|docker/Dockerfile:2: there is no such instruction",
        "FROM registry.example/base:1\n\nCOPY none /x\n|docker/Dockerfile:3: there is no none in the context docker",
        "FROM registry.example/base:1\nCOPY lib/a.tmp /x\n|or its ignore file keeps it out",
        "FROM registry.example/none:1\n|The base image registry.example/none:1 does not exist",
        "FROM registry.example/base:1\nRUN curl https://u:hush@a.example\n|docker/Dockerfile:2: here is a credential",
        "ARG A\nFROM $A\n|docker/Dockerfile:2: which image this is cannot be known",
        "FROM registry.example/base:1\nRUN --mount=type=secret,id=s x\n|docker/Dockerfile:2: it reads the secret s",
      })
  void whatIsWrongIsSaidBeforeAnEngineRuns(String row) {
    String[] parts = row.split("\\|", 2);
    project.write("docker/Dockerfile", parts[0]);
    String said;
    try {
      said = registrar(settings()).register().failures().toString();
    } catch (ImageSpecException e) {
      said = e.getMessage();
    }
    assertThat(said).contains(parts[1]).doesNotContain("hush");
    assertThat(FakeEngine.BUILDS).isEmpty();
  }

  @Test
  void linksAreTakenAsLinksAndNeverFollowedOutOfTheContext() throws IOException {
    Files.writeString(dir.resolve("outside"), "outside");
    Files.createSymbolicLink(project.dir.resolve("docker/lib/out"), dir.resolve("outside"));
    Files.createSymbolicLink(project.dir.resolve("docker/loop"), Path.of("."));
    List<String> seen = seen();
    register();
    assertThat(seen).contains("lib/out").doesNotContain("loop", "unread");
    project.write("docker/Dockerfile", TEXT.replace("lib app.py", "loop/app.py"));
    seen.clear();
    register();
    assertThat(seen)
        .as("what a source that is a link leads to is not known")
        .contains("loop", "unread");

    Files.createSymbolicLink(project.dir.resolve("away"), dir);
    task("a.One", "team/app", "docker/Dockerfile", "away");
    assertThatThrownBy(this::register).hasMessageContaining("leads out of");
  }

  @Test
  void theDoctorLooksAtEveryImageOfTheDockerfile() {
    Doctor doctor = Doctor.of(settings().build());
    List<String> found =
        doctor.examine().findings().stream()
            .filter(finding -> finding.check().equals("base"))
            .map(Diagnosis.Finding::subject)
            .sorted()
            .toList();
    assertThat(found).containsExactly("registry.example/base:1", "registry.example/tool:2");
    project.write("docker/Dockerfile", "FRM x\n");
    assertThat(doctor.examine().findings().toString())
        .contains("docker/Dockerfile:1: there is no such instruction");
  }

  @Test
  void anExportHasTheDockerfileWithDigestsAndItsContext() throws IOException {
    register();
    Path to = dir.resolve("exported");
    registrar(settings()).export("a.One", to);
    assertThat(files(to.resolve("environment")))
        .containsExactly(
            "Dockerfile",
            "Dockerfile.dockerignore",
            "context",
            "context/app.py",
            "context/lib",
            "context/lib/a.py");
    assertThat(Files.readString(to.resolve("environment/Dockerfile")))
        .as("from its own registry, not from the mirror")
        .contains("registry.example/base@sha256:", "registry.example/tool@sha256:")
        .doesNotContain("syntax", bases.registry());
    assertThat(Files.readString(to.resolve("build-args")))
        .matches("BASE_IMAGE=localhost/imagespec-environment:[0-9a-f]{16}\n");
    assertThat(Files.readString(to.resolve("Dockerfile")))
        .contains("# The image of docker/Dockerfile, built before.\nARG BASE_IMAGE\n");
  }
}
