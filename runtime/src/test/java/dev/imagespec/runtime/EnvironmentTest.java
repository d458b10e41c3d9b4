package dev.imagespec.runtime;

import static dev.imagespec.runtime.LocalRegistries.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Registry;
import dev.imagespec.runtime.engine.EngineBuild;
import dev.imagespec.runtime.engine.EngineException;
import dev.imagespec.runtime.engine.Secret;
import dev.imagespec.testkit.EcrServer;
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
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registrations of tasks with steps, with an engine that runs none but pushes as one does. */
class EnvironmentTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CANARY = "canary-6b1f0c";

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final EcrServer ecr = registries.ecr;
  private final RegistryServer bases = registries.other;
  private final List<RegistrationEvent> events = Collections.synchronizedList(new ArrayList<>());
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    FakeEngine.reset();
    project = new Project(dir);
    registries.pushBaseFor("linux/amd64", "linux/arm64", "linux/s390x");
  }

  private SettingsBuilder settings() {
    return registries.settings(project).engine("fake").engineLogs(dir.resolve("logs"));
  }

  private Registration register() {
    return register(settings().build());
  }

  private Registration register(Settings settings) {
    return ImageRegistrar.of(settings)
        .withTaskRegistrars(List.of())
        .withListener(events::add)
        .register();
  }

  private static Manifest.Environment apt(String... packages) {
    return new Manifest.Environment(
        List.of(packages), List.of(), "", "", List.of(), List.of(), List.of());
  }

  private static Manifest.Environment commands(List<String> secrets, String... commands) {
    return new Manifest.Environment(
        List.of(), List.of(), "", "", List.of(), List.of(commands), secrets);
  }

  private static Manifest.Environment requirements(String file) {
    return new Manifest.Environment(
        List.of(), List.of(), file, "", List.of(), List.of(), List.of());
  }

  private static Manifest task(
      String name, String repository, Manifest.Environment steps, String... platforms) {
    return Project.with(
        steps,
        Project.task(
            name,
            repository,
            Project.BASE,
            Project.payload(Map.of("WHO", name)),
            platforms.length == 0 ? new String[] {"linux/amd64"} : platforms));
  }

  private static Manifest.Environment withFiles(
      Manifest.Environment steps, Manifest.Copy... copies) {
    return new Manifest.Environment(
        steps.aptPackages(),
        steps.packages(),
        steps.requirements(),
        steps.pipIndex(),
        steps.pipExtraIndexUrls(),
        steps.commands(),
        steps.secrets(),
        Manifest.Pip.DEFAULT,
        List.of(copies));
  }

  /** The paths in the tar of an engine's context, and which files the context has. */
  private static List<String> archived(Path context) {
    try (java.util.stream.Stream<Path> files = Files.walk(context);
        TarArchiveInputStream tar =
            new TarArchiveInputStream(
                Files.newInputStream(context.resolve(Dockerfile.STEP_FILES_ARCHIVE)))) {
      assertThat(
              files.filter(Files::isRegularFile).map(file -> context.relativize(file).toString()))
          .containsExactlyInAnyOrder("Dockerfile", "steps.tar");
      List<String> names = new ArrayList<>();
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        names.add(entry.getName() + " " + new String(tar.readAllBytes(), StandardCharsets.UTF_8));
      }
      return names;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void filesOfTheStepsAreInTheContextAloneAndMakeTheEnvironment() {
    Manifest.Environment steps =
        withFiles(
            commands(List.of(), "/opt/setup.sh"), new Manifest.Copy("setup.sh", "/opt/", "0755"));
    project
        .write("setup.sh", "one")
        .write("other", "not meant")
        .task(task("a.One", "team/app", steps))
        .task(task("a.Two", "team/app", steps));
    List<String> archived = Collections.synchronizedList(new ArrayList<>());
    FakeEngine.before = (build, output) -> archived.addAll(archived(build.context()));
    assertThat(register().failures()).isEmpty();
    assertThat(archived).as("one run for both").containsExactly("opt/setup.sh one");
    assertThat(FakeEngine.BUILDS).hasSize(1);
    assertThat(tags("team/app", "env1-")).hasSize(1);

    register();
    assertThat(FakeEngine.BUILDS).as("nothing changed").hasSize(1);
    project.write("setup.sh", "two");
    assertThat(register().failures()).isEmpty();
    assertThat(archived).containsExactly("opt/setup.sh one", "opt/setup.sh two");
    assertThat(FakeEngine.BUILDS).hasSize(2);
    assertThat(FakeEngine.BUILDS.get(1).steps()).as("of RUN").isEqualTo(1);
    assertThat(tags("team/app", "env1-")).hasSize(2);
  }

  @Test
  void aFileThatTheStepsLackFailsBeforeAnEngineRuns() {
    project.task(
        task(
            "a.One",
            "team/app",
            withFiles(apt("/opt/x.deb"), new Manifest.Copy("x.deb", "/opt/", ""))));
    assertThatThrownBy(this::register)
        .hasMessageContaining("copy from \"x.deb\": there is no such file or folder");
    assertThat(FakeEngine.BUILDS).isEmpty();
  }

  @Test
  void aRequirementsFileNamesWheelsThatTheStepsGet() throws IOException {
    String text = "--no-index\n--find-links=/opt/wheels/\n/opt/wheels/b-1-py3-none-any.whl\na==1\n";
    project
        .write("requirements.txt", text)
        .write("wheels/b-1-py3-none-any.whl", "b")
        .task(
            task(
                "a.One",
                "team/app",
                withFiles(
                    requirements("requirements.txt"),
                    new Manifest.Copy("wheels", "/opt/wheels", ""))));
    List<String> read = new ArrayList<>();
    FakeEngine.before =
        (build, output) -> read.add(read(build.context().resolve("requirements/requirements.txt")));
    assertThat(register().failures()).isEmpty();
    assertThat(read).containsExactly(text);
    project.task(task("a.One", "team/app", requirements("requirements.txt")));
    assertThatThrownBy(this::register)
        .hasMessageContaining("requirements.txt:2: the option --find-links")
        .hasMessageContaining("requirements.txt:3: this line is a file of the project");
  }

  private Set<String> tags(String repository, String prefix) {
    return ecr.tags(repository).keySet().stream()
        .filter(tag -> tag.startsWith(prefix))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> layers(JsonNode manifest) {
    List<String> layers = new ArrayList<>();
    manifest.path("layers").forEach(layer -> layers.add(layer.path("digest").asText()));
    return layers;
  }

  @Test
  void anImageStandsOnItsEnvironmentAndIsConfiguredByItsBase() throws IOException {
    project.task(task("a.One", "team/app", apt("git")));
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    String tag = tags("team/app", "env1-").iterator().next();
    JsonNode environment = registries.manifest("team/app", tag);
    JsonNode image = registries.manifest("team/app", digest(registration, "a.One"));
    assertThat(layers(image)).isEqualTo(layers(environment)).hasSize(3);
    JsonNode config = registries.config("team/app", image);
    assertThat(config.path("rootfs"))
        .isEqualTo(registries.config("team/app", environment).path("rootfs"));
    assertThat(config.path("config").path("User").asText()).isEqualTo("7");
    assertThat(config.path("config").has("X-Engine")).isFalse();
    assertThat(config.path("config").path("Env").toString())
        .isEqualTo("[\"PATH=/bin\",\"WHO=a.One\"]");
    assertThat(FakeEngine.BUILDS.get(0).arguments())
        .containsEntry("BASE_USER", "7")
        .hasEntrySatisfying(
            "BASE_IMAGE", base -> assertThat(base).startsWith(bases.registry() + "/base@sha256:"));
  }

  @Test
  void anEnvironmentIsBuiltOnceWhateverTheNumberOfTasks() throws IOException {
    for (int i = 0; i < 30; i++) {
      String[] packages =
          i % 2 == 0 ? new String[] {"git", "p" + i % 3} : new String[] {"p" + i % 3, "git"};
      project.task(task("a.Task" + i, "team/app", apt(packages)));
    }
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images()).hasSize(30);
    assertThat(FakeEngine.BUILDS).hasSize(3);

    ecr.journal().clear();
    Registration again = register();
    assertThat(again.requests()).as("one question").isEqualTo(1);

    project.task(
        Project.with(
            Project.payload(Map.of("WHO", "new")), task("a.Task0", "team/app", apt("git", "p0"))));
    ecr.journal().clear();
    register();
    assertThat(FakeEngine.BUILDS).as("a change of code runs no step").hasSize(3);
    assertThat(ecr.journal().count("PUT blob")).as("one configuration").isEqualTo(1);
    assertThat(ecr.journal().count("BatchGetImage")).as("images, environments").isEqualTo(2);
    assertThat(ecr.journal().count("GET blob")).as("the environment's configuration").isEqualTo(1);
  }

  @Test
  void inItsRepositoryNoLayerOfAnEnvironmentTravels() {
    project.task(task("a.One", "team/app", apt("git")));
    AtomicBoolean pushed = new AtomicBoolean();
    FakeEngine.after =
        () -> {
          ecr.journal().clear();
          pushed.set(true);
        };
    assertThat(register().failures()).isEmpty();
    assertThat(pushed).isTrue();
    assertThat(ecr.journal().count("PUT blob")).as("the configuration").isEqualTo(1);
    assertThat(ecr.journal().count("GET blob")).as("the environment's configuration").isEqualTo(1);
  }

  @Test
  void otherRepositoriesMountTheLayersOfAnEnvironment() {
    project
        .task(task("a.One", "team/one", apt("git")))
        .task(task("a.Two", "team/two", apt("git")))
        .task(task("a.Three", "team/three", apt("git")));
    FakeEngine.after = () -> ecr.journal().clear();
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(FakeEngine.BUILDS).hasSize(1);
    assertThat(ecr.journal().count("PUT blob")).as("three configurations").isEqualTo(3);
    assertThat(ecr.repositories().stream().filter(r -> !tags(r, "env1-").isEmpty())).hasSize(1);
  }

  @Test
  void anEnvironmentOfAnotherTaskIsFoundWhereItIs() {
    project.task(task("a.One", "team/one", apt("git")));
    register();
    project.task(task("b.Two", "team/two", apt("git")));
    assertThat(register().failures()).isEmpty();
    assertThat(FakeEngine.BUILDS).hasSize(1);
  }

  /** Settings by which each task's images go to the registry that the task names. */
  private Settings eachInItsRegistry() {
    return Settings.builder()
        .noMemory()
        .classPath(List.of(project.classes))
        .projectDir(dir)
        .ecrHosts(List.of(Registry.parse(ecr.registry())))
        .mirrors(List.of(Mirror.parse("registry.example=" + bases.registry())))
        .engine("fake")
        .engineLogs(dir.resolve("logs"))
        .build();
  }

  /** Whoever pushes to one registry has no say in what images of another stand on. */
  @Test
  void anEnvironmentOfAnotherRegistryIsNotTaken() throws IOException {
    try (RegistryServer elsewhere = RegistryServer.anonymous()) {
      Settings settings = eachInItsRegistry();
      project.task(Project.in(elsewhere.registry(), task("a.Else", "loot", apt("git"))));
      assertThat(register(settings).failures()).isEmpty();
      assertThat(FakeEngine.BUILDS).hasSize(1);

      project
          .task(Project.in(ecr.registry(), task("a.One", "team/one", apt("git"))))
          .task(Project.in(ecr.registry(), task("a.Two", "team/two", apt("git"))));
      elsewhere.journal().clear();
      Registration registration = register(settings);
      assertThat(registration.failures()).isEmpty();
      assertThat(FakeEngine.BUILDS).hasSize(2);
      assertThat(FakeEngine.BUILDS.get(1).repository()).isEqualTo(ecr.registry() + "/team/one");
      assertThat(elsewhere.journal().count("GET blob")).isZero();
      JsonNode environment =
          registries.manifest("team/one", tags("team/one", "env1-").iterator().next());
      assertThat(layers(registries.manifest("team/two", digest(registration, "a.Two"))))
          .isEqualTo(layers(environment));
    }
  }

  @Test
  void anEnvironmentIsBuiltOnceForEachRegistry() {
    try (RegistryServer elsewhere = RegistryServer.anonymous()) {
      Manifest one = task("a.One", "team/app", apt("git"));
      Manifest two = Project.basedOn("a.One", task("a.Two", "team/app", apt("jq")));
      project
          .task(Project.in(ecr.registry(), one))
          .task(Project.in(ecr.registry(), two))
          .task(Project.in(elsewhere.registry(), task("b.One", "team/app", apt("git"))))
          .task(
              Project.in(
                  elsewhere.registry(),
                  Project.basedOn("a.One", task("b.Two", "team/app", apt("jq")))));
      Registration registration = register(eachInItsRegistry());
      assertThat(registration.failures()).isEmpty();
      assertThat(FakeEngine.BUILDS)
          .extracting(EngineBuild::image)
          .hasSize(4)
          .doesNotHaveDuplicates();
      assertThat(FakeEngine.BUILDS.stream().map(EngineBuild::tag).distinct()).hasSize(2);
      assertThat(dir.resolve("logs")).isDirectoryContaining("glob:**-2.log");
    }
  }

  @Test
  void aForcedRegistrationMakesNewTagsAndMovesNone() throws IOException {
    project
        .task(task("a.One", "team/app", apt("git")))
        .task(task("a.Two", "team/app", apt("git")))
        .task(Project.task("a.Plain", "team/app", "x"));
    Registration first = register();
    Map<String, Digest> before = ecr.tags("team/app");
    Registration forced = register(settings().force(true).build());
    assertThat(forced.failures()).isEmpty();
    assertThat(FakeEngine.BUILDS).hasSize(2);
    assertThat(ecr.tags("team/app")).containsAllEntriesOf(before).hasSize(before.size() + 3);
    assertThat(forced.tasks().get("a.One")).isNotEqualTo(first.tasks().get("a.One"));
    assertThat(forced.tasks().get("a.Plain")).isEqualTo(first.tasks().get("a.Plain"));
    assertThat(Files.readString(dir.resolve("imagespec.lock"))).contains("\"rebuilds\"");
    assertThat(register().tasks()).as("the lock keeps it").isEqualTo(forced.tasks());
    assertThatThrownBy(() -> register(settings().force(true).locked(true).build()))
        .hasMessageContaining("--locked forbids");
  }

  @Test
  void aRequirementsFileIsPartOfTheEnvironmentWithAllThatItIncludes() throws IOException {
    project
        .write("req/main.txt", "-r ../more.txt\nsix==1.16.0\n")
        .write("more.txt", "idna==3.7\n")
        .task(task("a.One", "team/app", requirements("req/main.txt")));
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    FakeEngine.before =
        (build, output) -> {
          Path folder = build.context().resolve("requirements");
          seen.add(read(folder.resolve("requirements.txt")) + read(folder.resolve("1.txt")));
        };
    register();
    project.write("more.txt", "# why\nidna==3.7   # because\n");
    register();
    assertThat(seen).containsExactly("-r 1.txt\nsix==1.16.0\nidna==3.7\n");
    project.write("more.txt", "idna==3.8\n");
    register();
    assertThat(seen).hasSize(2);
    project.write("more.txt", "-e .\n");
    assertThatThrownBy(this::register)
        .isInstanceOf(ImageSpecException.class)
        .hasMessageContaining("a.One: more.txt:1: an editable install");
  }

  @Test
  void aDockerfileOnTheClassPathReachesNoEngineAndNoExport() throws IOException {
    Manifest own = task("a.Own", "team/app", apt("git"));
    Manifest none = task("a.None", "team/app", apt("jq"));
    project.task(own).task(none);
    String folder = "classes/" + Manifest.resourceFolder("a.Own");
    project.write(folder + Dockerfile.FILE, "FROM evil AS environment\nFROM environment\n");
    Files.delete(
        project.classes.resolve(Manifest.resourceFolder("a.None")).resolve(Dockerfile.FILE));
    Set<String> built = Collections.synchronizedSet(new TreeSet<>());
    FakeEngine.before =
        (build, output) -> built.add(read(build.context().resolve(Dockerfile.FILE)));
    assertThat(register().failures()).isEmpty();
    assertThat(built).containsExactlyInAnyOrder(Dockerfile.of(own), Dockerfile.of(none));
    assertNoted(folder);

    events.clear();
    Settings settings = settings().build();
    ImageRegistrar registrar = ImageRegistrar.of(settings).withListener(events::add);
    registrar.export("a.Own", dir.resolve("own"));
    assertThat(dir.resolve("own").resolve(Dockerfile.FILE)).hasContent(Dockerfile.of(own));
    assertNoted(folder);
    events.clear();
    registrar.export("a.None", dir.resolve("none"));
    assertThat(dir.resolve("none").resolve(Dockerfile.FILE)).hasContent(Dockerfile.of(none));
    assertThat(events).as("the other task's Dockerfile is not in question").isEmpty();
  }

  private void assertNoted(String folder) {
    assertThat(events)
        .filteredOn(RegistrationEvent.Note.class::isInstance)
        .singleElement()
        .extracting(event -> ((RegistrationEvent.Note) event).message())
        .asString()
        .startsWith(dir.resolve(folder).resolve(Dockerfile.FILE).toString())
        .contains("is not the Dockerfile of a.Own and is not used");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void aFailingStepNamesTheElementAndFailsItsImagesAlone() throws IOException {
    project
        .task(task("a.SayHello", "team/app", apt("git", "curl=8", "nosuchpkg")))
        .task(task("a.Other", "team/app", apt("git")));
    FakeEngine.before =
        (build, output) -> {
          if (build.name().equals("SayHello")) {
            output.line("#6 [environment 2/2] RUN /bin/sh -c apt-get install");
            output.line("#6 1.7 E: Unable to locate package nosuchpkg");
            output.line("#6 ERROR: exit code: 100");
            throw new EngineException(
                EngineException.Kind.STEP, "it ended with exit code 100", OptionalInt.of(0));
          }
        };
    Path record = dir.resolve("record.json");
    Registration registration = register(settings().record(record).build());
    assertThat(registration.tasks()).containsOnlyKeys("a.Other");
    Failure failure = registration.failures().get(0);
    assertThat(failure.code()).isEqualTo(FailureCode.STEP);
    assertThat(failure.message())
        .startsWith(
            "The environment of SayHello fails at aptPackages[2] \"nosuchpkg\" of SayHello: it ended"
                + " with exit code 100.")
        .contains("> #6 1.7 E: Unable to locate package nosuchpkg")
        .contains(dir.resolve("logs").toString());
    assertThat(Files.readString(record)).doesNotContain("SayHello");
  }

  @Test
  void whatStandsOnAFailureIsNotSaidToBeBuilt() {
    project
        .task(task("a.Failing", "team/app", apt("nosuchpkg")))
        .task(Project.basedOn("a.Failing", Project.task("a.Top", "team/app", "top")))
        .task(task("a.Other", "team/app", apt("git")));
    FakeEngine.before =
        (build, output) -> {
          if (build.name().equals("Failing")) {
            throw new EngineException(
                EngineException.Kind.STEP, "it ended with exit code 100", OptionalInt.of(0));
          }
        };
    assertThat(register().tasks()).containsOnlyKeys("a.Other");
    assertThat(events)
        .filteredOn(RegistrationEvent.ImageBuilding.class::isInstance)
        .map(event -> ((RegistrationEvent.ImageBuilding) event).tasks())
        .containsExactly(List.of("a.Other"));
    assertThat(events)
        .filteredOn(RegistrationEvent.ImagesPlanned.class::isInstance)
        .containsExactly(new RegistrationEvent.ImagesPlanned(3, 3));
  }

  @Test
  void aSecretReachesTheEngineAndNothingElse() throws IOException {
    project
        .write("token.txt", CANARY + "\nsecond-" + CANARY + "\n")
        .task(task("a.One", "team/app", commands(List.of("token"), "cat /run/secrets/token")));
    FakeEngine.before =
        (build, output) -> {
          assertThat(build.secrets().get("token"))
              .isEqualTo(new Secret.OfFile(dir.resolve("token.txt")));
          output.line("#6 0.1 " + CANARY + " and second-" + CANARY);
          throw new EngineException(EngineException.Kind.STEP, "it ended with exit code 1");
        };
    Settings settings = settings().secrets(Map.of("token", "file:token.txt")).build();
    Registration registration = register(settings);
    assertThat(registration.failures().toString()).contains("*** and ***").doesNotContain(CANARY);
    assertThat(events.toString()).contains("***").doesNotContain(CANARY);
    try (var logs = Files.list(dir.resolve("logs"))) {
      assertThat(logs).allMatch(log -> !read(log).contains(CANARY)).isNotEmpty();
    }
    assertThat(ecr.journal().toString()).doesNotContain(CANARY);
    assertThat(read(dir.resolve("imagespec.lock"))).doesNotContain(CANARY);
    assertThat(new Secret.OfValue(CANARY)).asString().doesNotContain(CANARY);
  }

  @Test
  void aSecretWithoutAValueNamesItsSettingAndIsWantedOnlyForABuild() {
    Manifest task = task("a.One", "team/app", commands(List.of("my-token"), "true"));
    project.task(task);
    Registration registration = register();
    assertThat(registration.failures().get(0).code()).isEqualTo(FailureCode.SECRET);
    assertThat(registration.failures().get(0).message())
        .contains("imagespec.secret.my-token")
        .contains("env:NAME");
    assertThat(FakeEngine.BUILDS).isEmpty();
    project.write("t", "x");
    register(settings().secrets(Map.of("my-token", "file:t")).build());
    project.task(Project.with(Project.payload(Map.of("WHO", "new")), task));
    assertThat(register().failures()).as("the environment is there").isEmpty();
  }

  @Test
  void twoRegistrationsThatBuildOneEnvironmentEndWithOneImage() {
    project.task(task("a.One", "team/app", apt("git")));
    List<Registration> faster = new ArrayList<>();
    FakeEngine.before =
        (build, output) -> {
          FakeEngine.before = (again, more) -> {};
          faster.add(register());
        };
    Registration slower = register();
    assertThat(slower.failures()).isEmpty();
    assertThat(slower.tasks()).isEqualTo(faster.get(0).tasks());
    assertThat(tags("team/app", "is1-")).hasSize(1);
    assertThat(FakeEngine.BUILDS).hasSize(2);
  }

  /** One has tags that never move, and refuses the second push; the other has tags that do. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPushThatIsTooLateAdoptsWhatIsThere(boolean immutable) {
    project.task(task("a.One", "team/app", apt("git")));
    Settings settings = settings().registry(immutable ? ecr.registry() : bases.registry()).build();
    List<Registration> faster = new ArrayList<>();
    FakeEngine.wanted =
        () -> {
          FakeEngine.wanted = () -> {};
          faster.add(register(settings));
        };
    Registration slower = register(settings);
    assertThat(slower.failures()).isEmpty();
    assertThat(FakeEngine.BUILDS).hasSize(2);
    assertThat(slower.tasks()).isEqualTo(faster.get(0).tasks());
    assertThat(ImageRegistrar.of(settings).plan().images())
        .as("what the tag names")
        .allSatisfy(image -> assertThat(image.action()).isEqualTo(Plan.Action.REUSE));
  }

  @Test
  void severalPlatformsAreOneRunWhereTheBuilderCanAndOneEachElse() throws IOException {
    project.task(task("a.One", "team/app", apt("git"), "linux/amd64", "linux/arm64"));
    register();
    assertThat(FakeEngine.BUILDS).hasSize(2);
    assertThat(tags("team/app", "env1-")).hasSize(2);

    FakeEngine.byDigest = true;
    project.task(task("a.One", "team/two", apt("jq"), "linux/amd64", "linux/arm64"));
    Registration together = register();
    assertThat(together.failures()).isEmpty();
    assertThat(FakeEngine.BUILDS).hasSize(3);
    JsonNode index = registries.manifest("team/two", digest(together, "a.One"));
    assertThat(index.path("manifests")).hasSize(2);
    Set<String> layers = new TreeSet<>();
    for (JsonNode entry : index.path("manifests")) {
      JsonNode manifest = registries.manifest("team/two", entry.path("digest").asText());
      assertThat(registries.config("team/two", manifest).path("architecture").asText())
          .isEqualTo(entry.path("platform").path("architecture").asText());
      layers.add(layers(manifest).get(layers(manifest).size() - 1));
    }
    assertThat(layers).as("each its own environment").hasSize(2);
  }

  @Test
  void aPlatformThatNoBuilderRunsIsAnErrorThatSaysSo() {
    project
        .task(task("a.One", "team/app", apt("git"), "linux/s390x"))
        .task(task("a.Two", "team/app", apt("git")));
    Registration registration = register();
    assertThat(registration.tasks()).containsOnlyKeys("a.Two");
    assertThat(registration.failures().get(0).message())
        .contains("cannot run programs of linux/s390x")
        .contains("qemu-user-static");
  }

  @Test
  void environmentsAndImagesStandOnEachOther() throws IOException {
    project
        .task(task("a.Base", "team/app", apt("git")))
        .task(Project.basedOn("a.Base", task("a.Top", "team/top", commands(List.of(), "true"))));
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    JsonNode top = registries.manifest("team/top", digest(registration, "a.Top"));
    assertThat(layers(top)).hasSize(4);
    assertThat(registries.config("team/top", top).path("config").path("Env").toString())
        .contains("WHO=a.Top");
    assertThat(FakeEngine.BUILDS.get(1).arguments().get("BASE_IMAGE"))
        .isEqualTo(registration.tasks().get("a.Base"));
  }

  @Test
  void anEngineWithABugFailsItsImageAlone() {
    project.task(task("a.One", "team/app", apt("git")));
    project.task(Project.task("a.Other", "team/app", "x"));
    FakeEngine.before =
        (build, output) -> {
          throw new IllegalStateException("odd");
        };
    Registration registration = register();
    assertThat(registration.tasks()).containsOnlyKeys("a.Other");
    assertThat(registration.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.tasks()).containsExactly("a.One");
              assertThat(failure.code()).isEqualTo(FailureCode.INTERNAL);
              assertThat(failure.message()).contains("please report it").contains("odd");
            });
  }

  @Test
  void aPlanSaysHowOldAnEnvironmentIsAndRunsNoEngine() {
    project.task(task("a.One", "team/app", apt("git")));
    Plan before = ImageRegistrar.of(settings().build()).plan();
    assertThat(before.images().get(0).reasons())
        .anyMatch(
            reason -> reason.matches("its environment env1-[0-9a-f]{32} will be built by fake"));
    assertThat(FakeEngine.BUILDS).isEmpty();
    register();
    Plan after = ImageRegistrar.of(settings().build()).plan();
    assertThat(after.hasWork()).isFalse();
    assertThat(after.images().get(0).reasons())
        .anyMatch(
            reason ->
                reason.matches("its environment env1-[0-9a-f]{32} exists, built [0-9]+ days ago"));
  }

  @Test
  void credentialsAreForTheRegistriesInUseAndGoWithTheBuild() throws IOException {
    project.task(task("a.One", "team/app", apt("git")));
    List<String> seen = new ArrayList<>();
    FakeEngine.before =
        (build, output) -> seen.add(read(build.dockerConfig().resolve("config.json")));
    register();
    JsonNode auths = JSON.readTree(seen.get(0)).path("auths");
    assertThat(auths.fieldNames()).toIterable().containsExactly(ecr.registry());
    assertThat(FakeEngine.BUILDS.get(0).dockerConfig()).doesNotExist();
    String secret = auths.path(ecr.registry()).path("auth").asText();
    assertThat(events.toString()).doesNotContain(secret);
    assertThat(new String(java.util.Base64.getDecoder().decode(secret), StandardCharsets.UTF_8))
        .startsWith("AWS:");
  }

  @Test
  void anEngineThatIsNotThereIsOneClearErrorAndTheOtherImagesAreDone() {
    project
        .task(task("a.One", "team/app", apt("git")))
        .task(Project.task("a.Plain", "team/app", "x"));
    Registration registration = register(settings().engine("absent").build());
    assertThat(registration.tasks()).containsOnlyKeys("a.Plain");
    assertThat(registration.failures()).hasSize(1);
    assertThat(registration.failures().get(0).code()).isEqualTo(FailureCode.ENGINE);
    assertThat(registration.failures().get(0).message())
        .contains("absent: it is not on this machine; install it");
    ecr.journal().clear();
    assertThatThrownBy(() -> register(settings().engine("kaniko").build()))
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_SETTING))
        .hasMessageContaining(
            "no engine \"kaniko\"; there are fake, absent, buildx, docker, buildah");
    assertThat(ecr.journal().entries()).isEmpty();
  }

  @Test
  void aRepositoryThatCannotBeMadeRunsNoEngine() {
    project.task(task("a.One", "team/app", apt("git")));
    ecr.deny("ecr:CreateRepository");
    Registration registration = register();
    assertThat(registration.failures().get(0).message()).contains("ecr:CreateRepository");
    assertThat(FakeEngine.BUILDS).isEmpty();
  }

  @Test
  void anArchivedEnvironmentIsNotBuiltAgainAndSaysHowToRestoreIt() {
    project.task(task("a.One", "team/app", apt("git")));
    register();
    ecr.archive("team/app", tags("team/app", "env1-").iterator().next());
    project.task(
        Project.with(Project.payload(Map.of("WHO", "x")), task("a.One", "team/app", apt("git"))));
    Registration registration = register();
    assertThat(registration.failures().get(0).code()).isEqualTo(FailureCode.IMAGE_ARCHIVED);
    assertThat(registration.failures().get(0).message()).contains("Restore it");
    assertThat(FakeEngine.BUILDS).hasSize(1);
  }

  @Test
  void somebodyElsesImageUnderTheTagIsNotBuiltOn() {
    project.task(task("a.One", "team/app", apt("git")));
    register();
    String tag = tags("team/app", "env1-").iterator().next();
    ecr.deleteTag("team/app", tag);
    ecr.push("team/app", tag, TestImage.small());
    project.task(
        Project.with(Project.payload(Map.of("WHO", "x")), task("a.One", "team/app", apt("git"))));
    assertThat(register().failures().get(0).message())
        .contains("does not stand on registry.example/base:1")
        .contains("--force");
  }
}
