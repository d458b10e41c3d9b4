package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.testkit.RegistryServer;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltClassesTest {
  @TempDir Path dir;
  private final RegistryServer registry = RegistryServer.anonymous();
  private Project project = new Project(Path.of(""));
  private final CommandRunner command = new CommandRunner();
  private final StringWriter out = command.out;
  private final StringWriter err = command.err;

  @BeforeEach
  void start() {
    project = new Project(dir);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private void task(String folder, String name) {
    project.task(folder, Project.file(name)).write("conf", "f");
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--project-dir", dir.toString(), "--registry", registry.registry()));
    return command.execute(all);
  }

  @Test
  void whatMavenCompiledIsTakenAndSaid() {
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
  void whatGradleCompiledIsTakenWithItsResources() {
    task("build/classes/java/main", "a.Gradle");
    project.write("build/resources/main/x.txt", "x");
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
  void aClassPathThatIsGivenWins() {
    task("target/classes", "a.Maven");
    task("own", "a.Own");
    assertThat(run("plan", "--classpath", dir.resolve("own").toString())).isZero();
    assertThat(out.toString()).contains("a.Own").doesNotContain("a.Maven");
    assertThat(err.toString()).doesNotContain("no --classpath");
    project.write("imagespec.properties", "imagespec.classpath=own\n");
    assertThat(run("plan", "--json")).isZero();
    assertThat(out.toString()).contains("a.Own").doesNotContain("a.Maven");
    assertThat(err.toString()).doesNotContain("no --classpath");
  }

  @ParameterizedTest
  @CsvSource({
    "pom.xml, target/classes, mvn compile",
    "build.gradle.kts, build/classes/java/main, gradle classes"
  })
  void aProjectThatIsNotCompiledIsToldTo(String build, String classes, String command) {
    project.write(build, "");
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
