package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.model.Manifest;
import dev.imagespec.testkit.TestImage;
import dev.imagespec.testkit.TestJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Registrations of tasks whose images have a built application. */
class ApplicationTest {
  private static final String LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";
  private static final byte[] JAVA_21 = {
    (byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, 65
  };

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() throws IOException {
    project = new Project(dir.resolve("app"));
    registries.other.push("base", "1", TestImage.builder().layer("etc/a", "a").build());
    task(new Manifest.Application("target/app.jar", ""));
    Files.createDirectories(project.dir.resolve("target"));
    boot("main", "one-1.0.jar", "y");
  }

  private void task(Manifest.Application application) {
    Manifest.Payload payload =
        new Manifest.Payload(
            false,
            "",
            application.runs() ? List.of("-Xmx64m") : List.of(),
            List.of(),
            List.of("a"),
            List.of(),
            List.of(),
            "",
            "",
            List.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            "",
            Map.of(),
            application);
    project.task(Project.task("a.Task", "team/app", Project.BASE, payload, "linux/amd64"));
  }

  private static TestJar jar(String lib, String value) {
    return TestJar.empty()
        .file(
            "META-INF/MANIFEST.MF",
            "Manifest-Version: 1.0\nMain-Class: " + LAUNCHER + "\nStart-Class: a.Main\n\n")
        .file(LAUNCHER.replace('.', '/') + ".class", JAVA_21)
        .file("BOOT-INF/classes/application.properties", "x=" + value)
        .file("BOOT-INF/lib/" + lib, "x");
  }

  private void boot(String main, String lib, String value) {
    jar(lib, value)
        .file("BOOT-INF/classes/a/Main.class", main)
        .write(project.dir.resolve("target/app.jar"));
  }

  private ImageRegistrar registrar() {
    return LocalRegistries.registrar(registries.settings(project));
  }

  private Registration.Image register() {
    Registration registration = registrar().register();
    assertThat(registration.failures()).isEmpty();
    return registration.images().get(0);
  }

  @Test
  void anImageHasTheLayersAndTheCommandOfItsApplication() throws IOException {
    Registration.Image image = register();
    JsonNode manifest = registries.manifest("team/app", image.tag());
    assertThat(manifest.path("layers")).as("with the base's").hasSize(4);
    JsonNode config = registries.config("team/app", manifest);
    assertThat(config.path("config").path("Entrypoint"))
        .map(JsonNode::asText)
        .containsExactly("java", "-Xmx64m", "@/app/launch");
    assertThat(config.path("config").path("Cmd")).map(JsonNode::asText).containsExactly("a");
    assertThat(register().action()).isEqualTo(Registration.Action.REUSED);
  }

  @Test
  void aPlanSaysWhichPartsOfItChanged() {
    register();
    boot("other", "two-1.0.jar", "z");
    Plan plan = registrar().plan();
    assertThat(plan.failures()).isEmpty();
    Plan.Image image = plan.images().get(0);
    assertThat(image.comparisons().get(0).lines())
        .containsExactly(
            "- one-1.0.jar",
            "+ two-1.0.jar",
            "~ classes: a/Main.class changed",
            "~ resources: application.properties changed");
    assertThat(image.layers())
        .extracting(layer -> layer.name() + " " + layer.transfer())
        .containsExactly(
            "app:dependencies sent", "app:spring-boot-loader there", "app:application sent");
  }

  @Test
  void whereItsIndexMovesAFileAPlanSaysSo() {
    register();
    jar("one-1.0.jar", "y")
        .file("BOOT-INF/classes/a/Main.class", "main")
        .file(
            "BOOT-INF/layers.idx",
            "- \"all\":\n  - \"BOOT-INF/\"\n  - \"org/\"\n  - \"META-INF/\"\n")
        .write(project.dir.resolve("target/app.jar"));
    assertThat(registrar().plan().images().get(0).comparisons().get(0).lines())
        .contains("~ one-1.0.jar: moved from app:dependencies to app:all");
  }

  @Test
  void theExportedContextHasItsFilesInOneFolder() throws IOException {
    Path context = dir.resolve("context");
    registrar().export("a.Task", context);
    Path root = context.resolve("application");
    try (Stream<Path> files = Files.walk(root)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> root.relativize(file).toString()))
          .containsExactlyInAnyOrder(
              "app/launch",
              "app/META-INF/MANIFEST.MF",
              "app/org/springframework/boot/loader/launch/JarLauncher.class",
              "app/BOOT-INF/classes/a/Main.class",
              "app/BOOT-INF/classes/application.properties",
              "app/BOOT-INF/lib/one-1.0.jar");
    }
    assertThat(context.resolve("Dockerfile"))
        .content()
        .contains(
            "COPY [\"application/\", \"/\"]\n",
            "ENTRYPOINT [\"java\", \"-Xmx64m\", \"@/app/launch\"]\n");
  }

  @Test
  void itsOwnClassesNeedTheBasesJava() throws IOException {
    registries.other.push(
        "base",
        "1",
        TestImage.builder()
            .layer("etc/a", "b")
            .config(Map.of("Env", List.of("JAVA_VERSION=17.0.1")))
            .build());
    assertThat(registrar().register().failures()).as("only the launcher is newer").isEmpty();
    jar("one.jar", "y")
        .file("BOOT-INF/classes/a/Main.class", JAVA_21)
        .write(project.dir.resolve("target/app.jar"));
    assertThat(registrar().register().failures())
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure.message()).contains("The class a.Main needs Java 21, and"));
    quarkus();
    assertThat(registrar().register().failures())
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure.message()).contains("The class b.Own needs Java 21, and"));
  }

  private void quarkus() throws IOException {
    Path app = project.dir.resolve("target/quarkus-app");
    for (String folder : List.of("lib/boot", "lib/main", "app", "quarkus")) {
      Files.createDirectories(app.resolve(folder));
    }
    TestJar.empty().file("x/Lib.class", JAVA_21).write(app.resolve("lib/main/x.jar"));
    TestJar.empty().file("b/Own.class", JAVA_21).write(app.resolve("app/own.jar"));
    TestJar.empty()
        .file(
            "META-INF/MANIFEST.MF",
            "Manifest-Version: 1.0\nMain-Class: io.quarkus.bootstrap.runner.QuarkusEntryPoint\n\n")
        .write(app.resolve("quarkus-run.jar"));
    task(new Manifest.Application("target/quarkus-app", ""));
  }

  @Test
  void aWarKeepsTheCommandOfItsServer() throws IOException {
    TestJar.empty()
        .file("WEB-INF/classes/a/Main.class", "main")
        .file("index.html", "x")
        .write(project.dir.resolve("target/app.war"));
    task(new Manifest.Application("target/app.war", "/webapps/ROOT"));
    JsonNode manifest = registries.manifest("team/app", register().tag());
    assertThat(registries.config("team/app", manifest).path("config").has("Entrypoint")).isFalse();
  }

  /** A build that runs while the image is made. */
  @Test
  void anArchiveThatChangesBetweenIsAnError() {
    Registration registration =
        registrar()
            .withListener(
                event -> {
                  if (event instanceof RegistrationEvent.ImagesPlanned) {
                    boot("changed", "one-1.0.jar", "y");
                  }
                })
            .register();
    assertThat(registration.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.FILE_CHANGED);
              assertThat(failure.message()).contains("changed while it was being registered");
            });
  }

  @Test
  void aMissingApplicationIsSaidBeforeTheFirstRequest() throws IOException {
    Files.delete(project.dir.resolve("target/app.jar"));
    assertThatThrownBy(() -> registrar().register())
        .hasMessageContaining("a.Task: application from \"target/app.jar\": there is no such file")
        .hasMessageContaining("mvn package imagespec:plan");
    assertThat(registries.ecr.journal().entries()).isEmpty();
    assertThat(registries.other.journal().entries()).isEmpty();
  }
}
