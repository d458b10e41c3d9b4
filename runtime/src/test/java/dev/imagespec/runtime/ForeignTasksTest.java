package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Registry;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import dev.imagespec.testkit.TestJar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jars on the class path that contain tasks of somebody else. */
class ForeignTasksTest {
  private static final String FOREIGN = "999999999999";

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final RegistryServer strangers = registries.another();
  private final List<RegistrationEvent> events = new ArrayList<>();
  private Project project = new Project(Path.of(""));
  private Path jar = Path.of("");

  @BeforeEach
  void start() {
    registries.other.push("base", "1", TestImage.builder().layer("etc/a", "a").build());
    project = new Project(dir.resolve("app"));
    project.task(Project.task("a.Honest", "team/app", "x")).write(".env", "secret");
    jar = project.dir.resolve("lib.jar");
  }

  /** A task that sends the whole project to a registry of its own choice. */
  private Manifest thief(String name) {
    Manifest task =
        Project.with(
            Project.program("z.Main", new Manifest.Copy(".", "/all", "")),
            Project.task(name, "loot", "x"));
    return new Manifest(
        task.task(),
        strangers.registry(),
        task.name(),
        task.baseImage(),
        "",
        task.platforms(),
        task.environment(),
        task.payload(),
        new Manifest.Repository(true, false, "", List.of("*"), 1));
  }

  private static TestJar jarOf(Manifest manifest) {
    return TestJar.empty()
        .file(manifest.resourceName(), manifest.toJson())
        .file(Manifest.resourceFolder(manifest.task()) + Dockerfile.FILE, Dockerfile.of(manifest))
        .file(manifest.task().replace('.', '/') + ".class", manifest.task());
  }

  private ImageRegistrar registrar(SettingsBuilder settings) {
    return LocalRegistries.registrar(settings).withListener(events::add);
  }

  private SettingsBuilder withJar() {
    return registries.settings(project).classPath(List.of(jar, project.classes));
  }

  private List<String> notes() {
    return events.stream()
        .filter(RegistrationEvent.Note.class::isInstance)
        .map(RegistrationEvent::toString)
        .toList();
  }

  @Test
  void aStrangersTaskIsNotRegisteredAndNothingGoesWhereItPoints() {
    jarOf(thief("z.Thief")).write(jar);
    Registration registration =
        registrar(
                Settings.builder()
                    .noMemory()
                    .classPath(List.of(jar, project.classes))
                    .projectDir(project.dir)
                    .mirrors(
                        List.of(Mirror.parse("registry.example=" + registries.other.registry())))
                    .ecrHosts(List.of(Registry.parse(registries.ecr.registry())))
                    .registry(registries.ecr.registry()))
            .register();
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.tasks()).containsOnlyKeys("a.Honest");
    assertThat(strangers.journal().entries()).isEmpty();
    assertThat(notes())
        .singleElement()
        .asString()
        .contains(jar + " contains the task z.Thief, not registered")
        .endsWith("add --task-jar " + jar);
  }

  @Test
  void aNoteOnAStrangersJarStaysOneLineOfSomeLength() {
    Path odd = project.dir.resolve("a\nerror: call 555.jar");
    jarOf(Project.task("z." + "x".repeat(60_000), "team/app", "x")).write(odd);
    registrar(registries.settings(project).classPath(List.of(odd, project.classes))).plan();
    assertThat(notes())
        .singleElement()
        .asString()
        .contains("a\\u000aerror: call 555.jar contains the task z.xxx", "…, not registered")
        .doesNotContain("\n")
        .hasSizeLessThan(1000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anHonestTaskIsTheSameBesideAJarThatHasAnotherOfItsName(boolean jarFirst) {
    Plan alone = registrar(registries.settings(project)).plan();
    Manifest same = Project.task("a.Honest", "team/app", "evil");
    jarOf(same)
        .file(Manifest.resourceFolder("a.Honest") + Dockerfile.FILE, "FROM evil\n")
        .write(jar);
    Plan beside =
        registrar(
                registries
                    .settings(project)
                    .classPath(
                        jarFirst ? List.of(jar, project.classes) : List.of(project.classes, jar)))
            .plan();
    assertThat(beside.images()).isEqualTo(alone.images());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "\u001b[2J", "{\"schema\":99}"})
  void whatAStrangersManifestSaysIsNotRead(String manifest) {
    TestJar.empty()
        .file(Manifest.resourceFolder("z.Odd") + Manifest.FILE, manifest)
        .file(Manifest.resourceFolder("z.\u001b[2J") + Manifest.FILE, manifest)
        .file(Manifest.FOLDER + Manifest.FILE, manifest)
        .file(Manifest.FOLDER + "/" + Manifest.FILE, manifest)
        .zeros(Manifest.resourceFolder("z.Large") + Manifest.FILE, 200L << 20)
        .write(jar);
    assertThat(registrar(withJar()).plan().images()).hasSize(1);
    assertThat(notes())
        .singleElement()
        .asString()
        .contains("the tasks z.Large, z.Odd, not registered")
        .doesNotContain("\u001b");
  }

  @Test
  void aStrangersWishesForOurRepositoryAreNotActedOn() {
    Manifest stranger = Project.task("z.Thief", "team/app", "x");
    jarOf(Project.with(new Manifest.Repository(true, true, "", List.of(FOREIGN), 1), stranger))
        .write(jar);
    assertThat(registrar(withJar()).register().failures()).isEmpty();
    assertThat(registries.ecr.isMutable("team/app")).isFalse();
    assertThat(registries.ecr.setting("team/app", "policyText")).isEmpty();
    assertThat(registries.ecr.setting("team/app", "lifecyclePolicyText")).isEmpty();
    assertThat(registries.ecr.setting("team/app", "imageScanningConfiguration").toString())
        .doesNotContain("true");
    // The same wishes in a jar that is named: now two tasks of the user disagree.
    assertThatThrownBy(() -> registrar(withJar().taskJars(List.of(jar))).register())
        .hasMessageContaining("a.Honest and z.Thief want the repository");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "arn:aws:iam::*:root", "{\"AWS\":\"*\"}", "123456789012,*"})
  void aPrincipalThatIsNoneIsRefusedBeforeAnythingIsSent(String principal) {
    project.task(
        Project.with(
            new Manifest.Repository(false, false, "", List.of(principal), 0),
            Project.task("a.Open", "team/open", "x")));
    assertThatThrownBy(() -> registrar(registries.settings(project)).register())
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_MANIFEST))
        .hasMessageContaining("IMG042 repository.pullPrincipals[0]");
    assertThat(registries.ecr.journal().entries()).isEmpty();
  }

  @Test
  void whoeverHasTasksInAJarAloneIsToldHowToNameIt() {
    jarOf(Project.task("z.Mine", "team/app", "y")).write(jar);
    assertThatThrownBy(
            () -> registrar(registries.settings(project).classPath(List.of(jar))).register())
        .hasMessageContaining("no task class of yours")
        .hasMessageContaining("--task-jar");
  }

  @Test
  void anImageOnAStrangersImageIsRefused() {
    project.task(Project.basedOn("z.Thief", Project.task("a.Lured", "team/app", "x")));
    jarOf(thief("z.Thief")).write(jar);
    assertThatThrownBy(() -> registrar(withJar()).register())
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_SETTING))
        .hasMessageContaining("a.Lured is based on the image of z.Thief, which is in " + jar)
        .hasMessageContaining("add --task-jar " + jar);
    assertThat(registrar(withJar().classes(List.of("a.Honest"))).plan().images()).hasSize(1);
  }

  @Test
  void aStrangersTaskThatIsAskedForSaysHowToAllowIt() {
    jarOf(thief("z.Thief$In")).write(jar);
    for (String name : List.of("z.Thief$In", "z.Thief.In")) {
      assertThatThrownBy(() -> registrar(withJar().classes(List.of(name))).plan())
          .hasMessageContaining("The task " + name + " is in " + jar)
          .hasMessageContaining("add --task-jar " + jar + " (imagespec.task-jars)");
    }
  }

  @Test
  void tasksOfANamedJarAreRegisteredAndItIsSaidWhereTheyComeFrom() {
    jarOf(Project.task("z.Mine", "team/app", "y")).write(jar);
    Registration registration = registrar(withJar().taskJars(List.of(jar))).register();
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.tasks()).containsOnlyKeys("a.Honest", "z.Mine");
    assertThat(notes()).singleElement().asString().endsWith("z.Mine from " + jar);
    events.clear();
    assertThat(
            registrar(
                    registries
                        .settings(project)
                        .classPath(List.of(project.dir.resolve("*"), project.classes))
                        .taskJars(List.of(project.dir.resolve("*"))))
                .plan()
                .images())
        .hasSize(2);
  }

  @Test
  void aTaskJarOutsideTheClassPathIsAnError() {
    jarOf(Project.task("z.Mine", "team/app", "y")).write(jar);
    SettingsBuilder settings = registries.settings(project).taskJars(List.of(jar));
    assertThatThrownBy(() -> registrar(settings))
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_SETTING))
        .hasMessageContaining("The task jar " + jar + " is not on the class path");
  }

  @ParameterizedTest
  @ValueSource(strings = {Manifest.FOLDER + "z.Big/manifest.json", "z/Big.class", "Dockerfile"})
  void aFileThatIsTooLargeInATaskJarIsAnErrorThatNamesJarAndEntry(String large) {
    Manifest big = Project.task("z.Big", "team/app", "y");
    String name = large.equals(Dockerfile.FILE) ? Manifest.resourceFolder("z.Big") + large : large;
    TestJar entries = TestJar.empty().zeros(name, 1L << 30);
    Map<String, String> others =
        Map.of(big.resourceName(), big.toJson(), "z/Big.class", big.task());
    others.forEach(
        (other, text) -> {
          if (!other.equals(name)) {
            entries.file(other, text);
          }
        });
    entries.write(jar);
    assertThatThrownBy(() -> registrar(withJar().taskJars(List.of(jar))).plan())
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_FILE))
        .hasMessageContaining(jar + "!/" + name + " is larger than");
  }

  @Test
  void aPipeOnTheClassPathIsRefusedRatherThanWaitedFor() throws Exception {
    Path pipe = dir.resolve("pipe.jar");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> registrar(registries.settings(project).classPath(List.of(pipe))))
        .hasMessageContaining(pipe + " is neither a folder nor a jar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\n-javaagent:x.jar", "a\u001b[2J.jar", "a\u202ejar"})
  void aJarWhoseNameWouldBecomeAnArgumentOfJavaIsRefused(String name) {
    project.task(
        Project.task(
            "a.Program", "team/app", Project.BASE, Project.program("a.Program"), "linux/amd64"));
    Path odd = TestJar.empty().file("a", "a").write(project.dir.resolve(name));
    assertThatThrownBy(
            () ->
                registrar(registries.settings(project).classPath(List.of(project.classes, odd)))
                    .plan())
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_FILE))
        .hasMessageContaining("has a character in its name")
        .hasMessageNotContaining(name);
  }
}
