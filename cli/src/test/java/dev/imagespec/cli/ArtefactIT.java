package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line as an artefact of a Maven repository: one file, and nothing else. */
@Timeout(300)
class ArtefactIT {
  private static final String VERSION = property("it.version");
  private static final String DEPENDENCY_PLUGIN =
      "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:";

  @TempDir Path dir;

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException("Failsafe sets " + name);
    }
    return value;
  }

  /** The repository of the build, and one with the plugins. */
  @BeforeEach
  void settings() throws IOException {
    String repository =
        "<id>central</id><url>"
            + Path.of(property("it.central")).toUri()
            + "</url><releases><checksumPolicy>ignore</checksumPolicy></releases>"
            + "<snapshots><enabled>false</enabled></snapshots>";
    Files.writeString(
        dir.resolve("settings.xml"),
        """
        <settings>
          <localRepository>%1$s</localRepository>
          <profiles>
            <profile>
              <id>it</id>
              <repositories><repository>%2$s</repository></repositories>
              <pluginRepositories><pluginRepository>%2$s</pluginRepository></pluginRepositories>
            </profile>
          </profiles>
          <activeProfiles><activeProfile>it</activeProfile></activeProfiles>
        </settings>
        """
            .formatted(property("it.repository"), repository));
  }

  private String run(List<String> words) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(dir.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
    Process process = builder.start();
    process.getOutputStream().close();
    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(log).isZero();
    return log;
  }

  private String maven(String... arguments) throws Exception {
    List<String> words = new ArrayList<>();
    words.add(Path.of(property("it.maven.home"), "bin", "mvn").toString());
    words.addAll(List.of("-B", "-q", "-s", dir.resolve("settings.xml").toString()));
    words.addAll(List.of(arguments));
    return run(words);
  }

  @Test
  void aCopyOfOneFileRuns() throws Exception {
    maven(
        DEPENDENCY_PLUGIN + "copy",
        "-Dartifact=dev.imagespec:imagespec-cli:" + VERSION,
        "-DoutputDirectory=" + dir.resolve("bin"),
        "-Dmdep.useBaseVersion=true");
    Path jar = dir.resolve("bin/imagespec-cli-" + VERSION + ".jar");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    assertThat(run(List.of(java, "-jar", jar.toString(), "--version")))
        .isEqualTo("imagespec " + VERSION + System.lineSeparator());
    // The start script finds it beside itself under the name that Maven gives it.
    Path script = dir.resolve("bin/imagespec");
    Files.copy(Path.of(property("it.repository"), "../../../bin/imagespec").normalize(), script);
    assertThat(run(List.of("/bin/sh", script.toString(), "--version")))
        .isEqualTo("imagespec " + VERSION + System.lineSeparator());
  }

  @Test
  void whoDependsOnItGetsNothingElse() throws Exception {
    Files.writeString(
        dir.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.acme</groupId><artifactId>tool</artifactId><version>1</version>
          <dependencies>
            <dependency>
              <groupId>dev.imagespec</groupId><artifactId>imagespec-cli</artifactId><version>%s</version>
            </dependency>
          </dependencies>
        </project>
        """
            .formatted(VERSION));
    maven(DEPENDENCY_PLUGIN + "build-classpath", "-Dmdep.outputFile=" + dir.resolve("class-path"));
    assertThat(Files.readString(dir.resolve("class-path")).strip().split(":"))
        .singleElement()
        .asString()
        .endsWith("imagespec-cli-" + VERSION + ".jar");
  }
}
