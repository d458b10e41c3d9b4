package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Manifest;
import dev.imagespec.testkit.TestImage;
import dev.imagespec.testkit.TestJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bases whose Java is older than the class files that go into an image. */
class OldJavaTest {
  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() throws IOException {
    project = new Project(dir);
    base("JAVA_VERSION=jdk-17.0.13+11");
    project.task(task("a.Main", "a.Main", Map.of()));
    classFile("a/Main", 17);
  }

  private void base(String... env) {
    registries.other.push(
        "base",
        "1",
        TestImage.builder()
            .layer("etc/a", "a")
            .platforms("linux/amd64", "linux/arm64")
            .config(Map.of("Env", List.of(env)))
            .build());
  }

  private static Manifest.Payload payload(
      String mainClass, List<String> entrypoint, Map<String, String> env) {
    return Project.payload(true, mainClass, entrypoint, env);
  }

  private static Manifest task(String name, String mainClass, Map<String, String> env) {
    return Project.task(
        name,
        "team/app",
        Project.BASE,
        payload(mainClass, List.of(), env),
        "linux/amd64",
        "linux/arm64");
  }

  /** Writes the header of a class file. */
  private void classFile(String path, int java) throws IOException {
    Path file = project.classes.resolve(path + ".class");
    Files.createDirectories(file.resolveSibling("."));
    Files.write(file, header(java));
  }

  private static byte[] header(int java) {
    return new byte[] {
      (byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, (byte) (44 + java)
    };
  }

  private Registration register() {
    return LocalRegistries.registrar(registries.settings(project)).register();
  }

  private static void assertTooOld(Registration registration, String text) {
    assertThat(registration.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.BASE_UNUSABLE);
              assertThat(failure.message()).contains(text);
            });
  }

  @Test
  void aNewerClassIsAnErrorBeforeAnythingIsSent() throws IOException {
    classFile("a/b/Newer", 21);
    assertTooOld(
        register(),
        "The class a.b.Newer needs Java 21, and the base image registry.example/base:1 has Java 17"
            + " (JAVA_VERSION=jdk-17.0.13+11). Compile with --release 17 (in Maven"
            + " <maven.compiler.release>17</maven.compiler.release>), or use a base image with Java"
            + " 21 or later.");
    assertThat(registries.ecr.journal().count(entry -> !entry.operation().startsWith("BatchGet")))
        .as("nothing is sent, and no repository is created")
        .isZero();
    assertThat(registries.other.journal().count("GET blob")).as("a configuration").isEqualTo(1);
  }

  @Test
  void noEngineRunsForAnImageThatCannotRun() throws IOException {
    FakeEngine.reset();
    Manifest.Environment steps =
        new Manifest.Environment(
            List.of("git"), List.of(), "", "", List.of(), List.of(), List.of());
    project.task(Project.with(steps, task("a.Main", "a.Main", Map.of())));
    classFile("a/Main", 21);
    assertTooOld(registerWithEngine(), "needs Java 21");
    assertThat(FakeEngine.BUILDS).isEmpty();
    classFile("a/Main", 17);
    assertThat(registerWithEngine().failures()).isEmpty();
    assertThat(FakeEngine.BUILDS).as("both platforms").isNotEmpty();
  }

  private Registration registerWithEngine() {
    return LocalRegistries.registrar(
            registries.settings(project).engine("fake").engineLogs(dir.resolve("logs")))
        .register();
  }

  @Test
  void aSavedImageIsCheckedToo() throws IOException {
    classFile("a/Main", 25);
    assertThatThrownBy(
            () ->
                ImageRegistrar.of(registries.settings(project).build())
                    .save("a.Main", dir.resolve("image.tar")))
        .hasMessageContaining("The class a.Main needs Java 25");
    assertThat(dir.resolve("image.tar")).doesNotExist();
  }

  @Test
  void theOtherImagesContinue() throws IOException {
    classFile("a/Main", 21);
    project.task(Project.task("a.Plain", "team/app", "x"));
    classFile("a/Plain", 21);
    Registration registration = register();
    assertThat(registration.tasks()).as("without the class path").containsOnlyKeys("a.Plain");
    assertThat(registration.failures()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"JAVA_VERSION=jdk-17.0.13+11", "JAVA_VERSION=nightly", "LANG=C"})
  void aBaseThatIsNewEnoughOrDoesNotSayCostsNoRequest(String env) throws IOException {
    base(env);
    classFile("a/Main", env.contains("17") ? 17 : 25);
    assertThat(register().failures()).isEmpty();
    assertThat(registries.other.journal().count("GET blob"))
        .as("a layer, and two configurations, as without the check")
        .isEqualTo(3);
    registries.other.journal().clear();
    registries.ecr.journal().clear();
    assertThat(register().images())
        .allSatisfy(image -> assertThat(image.action()).isEqualTo(Registration.Action.REUSED));
    assertThat(registries.other.journal().entries()).isEmpty();
    assertThat(registries.ecr.journal().entries()).hasSize(1);
  }

  @Test
  void whatJavaDoesNotLoadFromAClassPathDoesNotCount() throws IOException {
    classFile("META-INF/versions/21/a/Main", 21);
    classFile("module-info", 21);
    project.write("classes/a/NoClass.class", "no class");
    assertThat(register().failures()).isEmpty();
  }

  @Test
  void theClassToRunCountsWhereverItIsAndOtherClassesOfJarsDoNot() {
    Path jar =
        TestJar.empty()
            .file("a/Main.class", header(17))
            .file("lib/Optional.class", header(25))
            .write(dir.resolve("app.jar"));
    assertThat(registerWith(jar).failures()).isEmpty();
    project.task(task("a.Other", "lib.Optional", Map.of()));
    assertTooOld(registerWith(jar), "The class lib.Optional needs Java 25");
  }

  private Registration registerWith(Path jar) {
    return LocalRegistries.registrar(
            registries.settings(project).classPath(List.of(project.classes, jar)))
        .register();
  }

  @Test
  void aSpecThatSaysWhatJavaItBringsIsBelieved() throws IOException {
    classFile("a/Main", 21);
    project.task(task("a.Main", "a.Main", Map.of("JAVA_VERSION", "21")));
    classFile("a/Main", 21);
    assertThat(register().failures()).isEmpty();
    project.task(task("a.Main", "a.Main", Map.of("JAVA_VERSION", "20")));
    classFile("a/Main", 21);
    assertTooOld(register(), "needs Java 21");
    project.task(task("a.Main", "a.Main", Map.of("JAVA_HOME", "/opt/jdk", "PATH", "/opt/jdk/bin")));
    classFile("a/Main", 21);
    assertThat(register().failures()).isEmpty();
    project.task(
        Project.task(
            "a.Main",
            "team/app",
            Project.BASE,
            payload("", List.of("/opt/jdk/bin/java", "a.Main"), Map.of()),
            "linux/amd64"));
    classFile("a/Main", 21);
    assertThat(register().failures()).isEmpty();
  }

  @Test
  void noTaskIsCompiledForAJavaBefore17() throws IOException {
    base("JAVA_VERSION=1.8.0_432");
    assertTooOld(register(), "has Java 8 (JAVA_VERSION=1.8.0_432). Use a base image with Java 17");
  }
}
