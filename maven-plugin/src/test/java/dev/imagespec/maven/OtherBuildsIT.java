package dev.imagespec.maven;

import static dev.imagespec.maven.UserProject.annotations;
import static dev.imagespec.maven.UserProject.build;
import static dev.imagespec.maven.UserProject.dependencies;
import static dev.imagespec.maven.UserProject.dependency;
import static dev.imagespec.maven.UserProject.goal;
import static dev.imagespec.maven.UserProject.jarPom;
import static dev.imagespec.maven.UserProject.plugin;
import static dev.imagespec.maven.UserProject.pom;
import static dev.imagespec.maven.UserProject.processorPath;
import static dev.imagespec.maven.UserProject.property;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.maven.UserProject.Build;
import dev.imagespec.model.ClassPathFolder;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds beside which ours has its place: another language, another processor, an application
 * framework, another Java. The program of each is run from its exported context, with the class
 * path that the image has.
 */
class OtherBuildsIT {
  @TempDir Path dir;
  private final RegistryServer registry = RegistryServer.anonymous();

  @BeforeEach
  void start() throws IOException {
    registry.push("base", "1", TestImage.builder().layer("etc/a", "a").build());
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private String toRegistry() {
    return "<registry>" + registry.registry() + "</registry>";
  }

  private String task(String statement) {
    return UserProject.task(registry.registry(), "com.acme", "Report", statement);
  }

  /** Registers the only task, exports its context, and runs the program in it. */
  private String runs(UserProject project) throws IOException, InterruptedException {
    Path context = dir.resolve("context");
    Build build = project.maven("process-classes", goal("export"), "-Dimagespec.to=" + context);
    assertThat(build.status()).as(build.log()).isZero();
    assertThat(build.log()).contains("com.acme.Report runs in " + registry.registry());
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                arguments(context),
                "com.acme.Report")
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text.strip();
  }

  /** What java is called with in the image, whose files are laid out in a folder. */
  private String arguments(Path context) throws IOException {
    Path root = Files.createDirectories(dir.resolve("root"));
    for (ClassPathFolder folder : ClassPathFolder.values()) {
      Path from = context.resolve(folder.folderName());
      try (Stream<Path> tree = Files.walk(from)) {
        for (Path file : tree.filter(Files::isRegularFile).toList()) {
          Path to = root.resolve(from.relativize(file));
          Files.createDirectories(to.resolveSibling(""));
          Files.copy(file, to);
        }
      }
    }
    Path file = dir.resolve("arguments");
    Files.writeString(
        file,
        Files.readString(context.resolve(ClassPathFolder.ARGUMENT_FILE_NAME))
            .replace(ClassPathFolder.ROOT, root + ClassPathFolder.ROOT));
    return "@" + file;
  }

  @Test
  void kotlinByKapt() throws Exception {
    UserProject project = UserProject.in(dir);
    project.write(
        "pom.xml",
        pom(
            "tasks",
            "jar",
            dependencies(
                    annotations()
                        + dependency(
                            "org.jetbrains.kotlin",
                            "kotlin-stdlib",
                            property("it.kotlin"),
                            "compile"))
                + build(kotlin() + UserProject.PINNED + plugin(toRegistry()))));
    project.write(
        "src/main/kotlin/com/acme/Report.kt",
        """
        package com.acme

        import dev.imagespec.ImageSpec

        @ImageSpec(name = "team/app", baseImage = "%s/base:1", mainClass = Report::class)
        object Report {
          @JvmStatic fun main(args: Array<String>) { println(listOf("a", "b").joinToString("-")) }
        }
        """
            .formatted(registry.registry()));
    assertThat(runs(project)).isEqualTo("a-b");
  }

  private static String kotlin() {
    return """
        <plugin>
          <groupId>org.jetbrains.kotlin</groupId>
          <artifactId>kotlin-maven-plugin</artifactId>
          <version>%s</version>
          <configuration><jvmTarget>17</jvmTarget></configuration>
          <executions>
            <execution>
              <id>kapt</id>
              <goals><goal>kapt</goal></goals>
              <configuration>
                <sourceDirs><sourceDir>src/main/kotlin</sourceDir></sourceDirs>
                <annotationProcessorPaths>%s</annotationProcessorPaths>
              </configuration>
            </execution>
            <execution>
              <id>compile</id>
              <phase>process-sources</phase>
              <goals><goal>compile</goal></goals>
              <configuration>
                <sourceDirs><sourceDir>src/main/kotlin</sourceDir></sourceDirs>
              </configuration>
            </execution>
          </executions>
        </plugin>
        """
        .formatted(property("it.kotlin"), processorPath("annotationProcessorPath"));
  }

  @Test
  void lombokBeside() throws Exception {
    UserProject project = UserProject.in(dir);
    String lombok =
        "<path><groupId>org.projectlombok</groupId><artifactId>lombok</artifactId><version>"
            + property("it.lombok")
            + "</version></path>";
    project.write(
        "pom.xml",
        jarPom(
                "tasks",
                annotations()
                    + dependency("org.projectlombok", "lombok", property("it.lombok"), "provided"),
                toRegistry())
            .replace("<annotationProcessorPaths>", "<annotationProcessorPaths>" + lombok));
    project.write(
        "src/main/java/com/acme/Line.java",
        "package com.acme; @lombok.Value public class Line { String text; }");
    project.write(
        "src/main/java/com/acme/Report.java",
        task("System.out.println(new Line(\"hello\").getText());"));
    assertThat(runs(project)).isEqualTo("hello");
  }

  @Test
  void aSpringBootApplication() throws Exception {
    UserProject project = UserProject.in(dir);
    project.write(
        "pom.xml",
        jarPom(
                "tasks",
                annotations()
                    + dependency(
                        "org.springframework.boot",
                        "spring-boot-starter",
                        property("it.spring-boot"),
                        "compile"),
                toRegistry())
            .replace(
                "</plugins>",
                """
                <plugin>
                  <groupId>org.springframework.boot</groupId>
                  <artifactId>spring-boot-maven-plugin</artifactId>
                  <version>%s</version>
                  <executions><execution><goals><goal>repackage</goal></goals></execution></executions>
                </plugin>
                </plugins>
                """
                    .formatted(property("it.spring-boot"))));
    project.write("src/main/resources/application.properties", "acme.text=from its properties\n");
    project.write(
        "src/main/java/com/acme/Report.java",
        task("""
                try (var context = SpringApplication.run(Report.class, args)) {
                  System.out.println(context.getEnvironment().getProperty("acme.text"));
                }
                """)
            .replace(
                "@ImageSpec(",
                "@org.springframework.boot.autoconfigure.SpringBootApplication\n@ImageSpec(")
            .replace(
                "import dev.imagespec.ImageSpec;",
                "import dev.imagespec.ImageSpec;\nimport org.springframework.boot.SpringApplication;"));
    assertThat(runs(project)).contains("from its properties");
  }

  @Test
  void aLaterJava() throws Exception {
    Optional<Path> later = later();
    assumeTrue(later.isPresent(), "no JDK 25 in /usr/lib/jvm");
    UserProject project = UserProject.in(dir).with("JAVA_HOME", later.orElseThrow().toString());
    project.write("pom.xml", jarPom("tasks", annotations(), toRegistry()));
    project.write("src/main/java/com/acme/Report.java", task("System.out.println(\"hello\");"));
    Build version = project.maven("--version");
    assertThat(version.log()).contains("Java version: 25");
    assertThat(runs(project)).isEqualTo("hello");
  }

  private static Optional<Path> later() {
    Path all = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(all)) {
      return Optional.empty();
    }
    try (Stream<Path> list = Files.list(all)) {
      List<Path> found =
          list.filter(home -> home.getFileName().toString().matches(".*-25(-.*)?"))
              .filter(home -> Files.isExecutable(home.resolve("bin/javac")))
              .toList();
      return found.stream().findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
