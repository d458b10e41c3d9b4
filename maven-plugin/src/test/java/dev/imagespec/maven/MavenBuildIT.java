package dev.imagespec.maven;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds of projects by Maven itself, which push to a registry in this process. */
class MavenBuildIT {
  private static final String VERSION = property("it.version");

  private static final String TASK =
      """
      package %1$s;

      import dev.imagespec.ImageSpec;

      @ImageSpec(name = "team/app", baseImage = "%3$s/base:1", mainClass = %2$s.class)
      public class %2$s {
        public static void main(String[] args) {
          %4$s
        }
      }
      """;

  @TempDir Path dir;
  private final RegistryServer registry = RegistryServer.anonymous();

  @BeforeEach
  void start() throws IOException {
    registry.push("base", "1", TestImage.builder().layer("etc/a", "a").build());
    write(
        "settings.xml",
        """
        <settings>
          <localRepository>%1$s</localRepository>
          <profiles>
            <profile>
              <id>it</id>
              <repositories>
                <repository>
                  <id>central</id><url>%2$s</url>
                  <releases><checksumPolicy>ignore</checksumPolicy></releases>
                  <snapshots><enabled>false</enabled></snapshots>
                </repository>
              </repositories>
              <pluginRepositories>
                <pluginRepository>
                  <id>central</id><url>%2$s</url>
                  <releases><checksumPolicy>ignore</checksumPolicy></releases>
                  <snapshots><enabled>false</enabled></snapshots>
                </pluginRepository>
              </pluginRepositories>
            </profile>
          </profiles>
          <activeProfiles><activeProfile>it</activeProfile></activeProfiles>
        </settings>
        """
            .formatted(property("it.repository"), Path.of(property("it.central")).toUri()));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException("Failsafe sets " + name);
    }
    return value;
  }

  private void write(String path, String text) throws IOException {
    Path file = dir.resolve(path);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  /** The part of a pom that users copy. */
  private static String plugins(String configuration) {
    return """
        <build>
          <plugins>
            <plugin>
              <artifactId>maven-resources-plugin</artifactId>
              <version>3.5.0</version>
            </plugin>
            <plugin>
              <artifactId>maven-compiler-plugin</artifactId>
              <version>3.16.0</version>
              <configuration>
                <annotationProcessorPaths>
                  <path>
                    <groupId>dev.imagespec</groupId>
                    <artifactId>imagespec-processor</artifactId>
                    <version>%1$s</version>
                  </path>
                </annotationProcessorPaths>
              </configuration>
            </plugin>
            <plugin>
              <groupId>dev.imagespec</groupId>
              <artifactId>imagespec-maven-plugin</artifactId>
              <version>%1$s</version>
              <configuration>%2$s</configuration>
              <executions>
                <execution>
                  <phase>process-classes</phase>
                  <goals><goal>register</goal></goals>
                </execution>
              </executions>
            </plugin>
          </plugins>
        </build>
        """
        .formatted(VERSION, configuration);
  }

  /** Plugins of the versions with which this project is built, which are at hand. */
  private static final String PINNED =
      """
        <build>
          <plugins>
            <plugin>
              <artifactId>maven-resources-plugin</artifactId>
              <version>3.5.0</version>
            </plugin>
            <plugin>
              <artifactId>maven-compiler-plugin</artifactId>
              <version>3.16.0</version>
            </plugin>
          </plugins>
        </build>
        """;

  private static String pom(String artifact, String packaging, String rest) {
    return """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.acme</groupId>
          <artifactId>%s</artifactId>
          <version>1.0-SNAPSHOT</version>
          <packaging>%s</packaging>
          <properties>
            <maven.compiler.release>17</maven.compiler.release>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
          </properties>
          %s
        </project>
        """
        .formatted(artifact, packaging, rest);
  }

  private static String dependency(String group, String artifact, String version, String scope) {
    return "<dependency><groupId>"
        + group
        + "</groupId><artifactId>"
        + artifact
        + "</artifactId><version>"
        + version
        + "</version><scope>"
        + scope
        + "</scope></dependency>";
  }

  private static String annotations() {
    return dependency("dev.imagespec", "imagespec-annotations", VERSION, "compile");
  }

  private String task(String ofPackage, String name, String statement) {
    return TASK.formatted(ofPackage, name, registry.registry(), statement);
  }

  private record Build(int status, String log) {}

  private Build maven(String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(property("it.maven.home"), "bin", "mvn").toString());
    line.addAll(List.of("-B", "-s", dir.resolve("settings.xml").toString()));
    line.addAll(Arrays.asList(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(dir.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
    Process process = builder.start();
    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Build(process.waitFor(), log);
  }

  private String toRegistry() {
    return "<registry>" + registry.registry() + "</registry>";
  }

  private static RegistrationRecord record(Path file) throws IOException {
    return RegistrationRecord.parse(Files.readString(file));
  }

  @Test
  void aModuleIsRegisteredByOneBlockOfThePom() throws Exception {
    write(
        "pom.xml",
        pom(
            "tasks",
            "jar",
            "<dependencies>"
                + annotations()
                + dependency("org.slf4j", "slf4j-api", "2.0.20", "compile")
                + dependency("org.jspecify", "jspecify", "1.0.1", "provided")
                + "</dependencies>"
                + plugins(toRegistry())));
    write(
        "src/main/java/com/acme/Report.java",
        task(
            "com.acme", "Report", "org.slf4j.LoggerFactory.getLogger(Report.class).info(\"hi\");"));
    Build build = maven("process-classes");
    assertThat(build.status()).as(build.log()).isZero();
    assertThat(build.log())
        .contains("com.acme.Report runs in " + registry.registry() + "/team/app@sha256:");
    RegistrationRecord record = record(dir.resolve("target/imagespec/registration.json"));
    assertThat(record.tasks()).containsOnlyKeys("com.acme.Report");
    assertThat(dir.resolve("imagespec.lock")).isRegularFile();
    Path report = dir.resolve("target/imagespec/report.html");
    assertThat(report).content().contains("\"kind\":\"registration\"", "com.acme.Report");
    Files.delete(report);
    write("imagespec.properties", "imagespec.record=elsewhere.json\n");

    Build again = maven("process-classes", goal() + "check");
    assertThat(again.status()).as(again.log()).isZero();
    assertThat(report)
        .as("of the registration in that build: a check only checks")
        .content()
        .contains("\"kind\":\"registration\"", "\"reused\"");
    assertThat(again.log()).contains("reuse  " + registry.registry() + "/team/app:is1-");
    assertThat(record(dir.resolve("elsewhere.json")).tasks()).containsOnlyKeys("com.acme.Report");

    Build exported = maven(goal() + "export", "-Dimagespec.to=" + dir.resolve("context"), "-o");
    assertThat(exported.status()).as(exported.log()).isZero();
    String classPath = Files.readString(dir.resolve("context/classpath"));
    assertThat(classPath).contains("/app/classes/0:").contains("slf4j-api-2.0.20.jar");
    assertThat(classPath).doesNotContain("jspecify");
  }

  private static String goal() {
    return "dev.imagespec:imagespec-maven-plugin:" + VERSION + ":";
  }

  @Test
  void aReactorIsOneRegistrationAtItsEnd() throws Exception {
    write(
        "pom.xml",
        pom(
            "all",
            "pom",
            "<modules><module>lib</module><module>one</module><module>two</module></modules>"));
    write("lib/pom.xml", pom("lib", "jar", PINNED));
    write(
        "lib/src/main/java/com/acme/lib/Text.java",
        "package com.acme.lib; public class Text { public static String of() { return \"t\"; } }");
    for (String module : List.of("one", "two")) {
      write(
          module + "/pom.xml",
          pom(
              module,
              "jar",
              "<dependencies>"
                  + annotations()
                  + dependency("com.acme", "lib", "1.0-SNAPSHOT", "compile")
                  + "</dependencies>"
                  + plugins(toRegistry())));
      String name = module.equals("one") ? "One" : "Two";
      write(
          module + "/src/main/java/com/acme/" + name + ".java",
          task("com.acme", name, "System.out.println(com.acme.lib.Text.of());"));
    }
    Build build = maven("-T2", "process-classes");
    assertThat(build.status()).as(build.log()).isZero();
    assertThat(build.log()).contains("com.acme.One runs in ").contains("com.acme.Two runs in ");
    assertThat(count("waits for the last module", build.log())).isEqualTo(1);
    assertThat(record(dir.resolve("one/target/imagespec/registration.json")).tasks())
        .containsOnlyKeys("com.acme.One");
    assertThat(record(dir.resolve("two/target/imagespec/registration.json")).tasks())
        .containsOnlyKeys("com.acme.Two");

    Build one = maven("process-classes", "-pl", "one", "-am");
    assertThat(one.status()).as(one.log()).isZero();
    assertThat(one.log()).contains("com.acme.One runs in ").doesNotContain("com.acme.Two runs");

    write(
        "two/src/main/java/com/acme/Two.java",
        task("com.acme", "Two", "").replace("/base:1", "/none:1"));
    Build failing = maven("process-classes");
    assertThat(failing.status()).isNotZero();
    assertThat(failing.log())
        .contains("BUILD FAILURE")
        .contains("com.acme.Two in :two: ")
        .contains("com.acme.One runs in ");
  }

  private static long count(String text, String log) {
    Matcher matcher = Pattern.compile(Pattern.quote(text)).matcher(log);
    return matcher.results().count();
  }

  @Test
  void wrongSettingsAreNamedAndSkippedIsSkipped() throws Exception {
    write(
        "pom.xml",
        pom(
            "tasks",
            "jar",
            "<dependencies>" + annotations() + "</dependencies>" + plugins(toRegistry())));
    write("src/main/java/com/acme/Report.java", task("com.acme", "Report", ""));
    Build wrong = maven("process-classes", "-Dimagespec.regsitry=x");
    assertThat(wrong.status()).isNotZero();
    assertThat(wrong.log())
        .contains(
            "-D, imagespec.regsitry: there is no such setting; did you mean imagespec.registry?");
    Build skipped = maven("process-classes", "-Dimagespec.skip");
    assertThat(skipped.status()).as(skipped.log()).isZero();
    assertThat(registry.journal().entries()).isEmpty();
    Build offline = maven("-o", "process-classes");
    assertThat(offline.log()).contains("has no entry for " + registry.registry() + "/base:1");
    assertThat(registry.journal().entries()).isEmpty();
  }
}
