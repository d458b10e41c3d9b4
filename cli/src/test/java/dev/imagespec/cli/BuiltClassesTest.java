package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.testkit.RegistryServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltClassesTest {
  @TempDir Path dir;
  private final RegistryServer registry = RegistryServer.anonymous();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void stop() {
    registry.close();
  }

  private void task(String folder, String name) throws IOException {
    Manifest manifest =
        new Manifest(
            name,
            "",
            "team/app",
            Manifest.SCRATCH,
            "",
            List.of(Platform.DEFAULT),
            Manifest.Environment.NONE,
            new Manifest.Payload(
                false,
                "",
                List.of(),
                List.of("/x"),
                List.of(),
                List.of(),
                List.of(),
                "",
                "",
                List.of(new Manifest.Copy("conf", "/x", "")),
                Map.of(),
                Map.of()),
            Manifest.Repository.DEFAULT);
    write(folder + "/" + manifest.resourceName(), manifest.toJson());
    write(folder + "/" + name.replace('.', '/') + ".class", "class");
    write("conf", "f");
  }

  private void write(String path, String text) throws IOException {
    Path file = dir.resolve(path);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  private int run(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--project-dir", dir.toString(), "--registry", registry.registry()));
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return ImageSpecCommand.execute(
        all.toArray(String[]::new), new PrintWriter(out), new PrintWriter(err));
  }

  @Test
  void whatMavenCompiledIsTakenAndSaid() throws IOException {
    task("target/classes", "a.Maven");
    task("build/classes/java/main", "a.Gradle");
    assertThat(run("plan")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("a.Maven").doesNotContain("a.Gradle");
    assertThat(err.toString())
        .startsWith(
            "no --classpath is given: takes " + dir.resolve("target/classes") + ", and no jars. If")
        .contains("target/lib/*");
  }

  @Test
  void whatGradleCompiledIsTakenWithItsResources() throws IOException {
    task("build/classes/java/main", "a.Gradle");
    write("build/resources/main/x.txt", "x");
    assertThat(run("register")).as(err.toString()).isZero();
    assertThat(out.toString()).startsWith("a.Gradle  ").hasLineCount(1);
    assertThat(err.toString())
        .startsWith(
            "no --classpath is given: takes "
                + dir.resolve("build/classes/java/main")
                + ":"
                + dir.resolve("build/resources/main")
                + ", and no jars.");
  }

  @Test
  void aClassPathThatIsGivenWins() throws IOException {
    task("target/classes", "a.Maven");
    task("own", "a.Own");
    assertThat(run("plan", "--classpath", dir.resolve("own").toString())).isZero();
    assertThat(out.toString()).contains("a.Own").doesNotContain("a.Maven");
    assertThat(err.toString()).doesNotContain("no --classpath");
    write("imagespec.properties", "imagespec.classpath=own\n");
    assertThat(run("plan", "--json")).isZero();
    assertThat(out.toString()).contains("a.Own").doesNotContain("a.Maven");
    assertThat(err.toString()).doesNotContain("no --classpath");
  }

  @ParameterizedTest
  @CsvSource({
    "pom.xml, target/classes, mvn compile",
    "build.gradle.kts, build/classes/java/main, gradle classes"
  })
  void aProjectThatIsNotCompiledIsToldTo(String build, String classes, String command)
      throws IOException {
    write(build, "");
    assertThat(run("plan")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "no --classpath is given, and there is no folder "
                + dir.resolve(classes)
                + " to take. Compile first ("
                + command
                + ")");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "register", "export --to x"})
  void withoutClassesTheErrorSaysWhatToGive(String command) {
    assertThat(run(command.split(" "))).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("error: There is no task class of yours on the class path.")
        .contains("--classpath");
  }
}
