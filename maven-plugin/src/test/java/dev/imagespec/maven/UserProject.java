package dev.imagespec.maven;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A user's project in a folder, which Maven itself builds, in a process of its own. */
final class UserProject {
  static final String VERSION = property("it.version");

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

  /** Plugins of the versions with which this project is built, which are at hand. */
  static final String PINNED =
      """
      <plugin>
        <artifactId>maven-resources-plugin</artifactId>
        <version>3.5.0</version>
      </plugin>
      <plugin>
        <artifactId>maven-compiler-plugin</artifactId>
        <version>3.16.0</version>
      </plugin>
      """;

  private final Path dir;
  private final Path home;
  private final Map<String, String> environment;

  private UserProject(Path dir, Path home, Map<String, String> environment) {
    this.dir = dir;
    this.home = home;
    this.environment = environment;
  }

  /** An empty project, which the Maven of this build builds. */
  static UserProject in(Path dir) throws IOException {
    UserProject project = new UserProject(dir, Path.of(property("it.maven.home")), Map.of());
    project.settings("");
    return project;
  }

  /** This project, with another Maven. */
  UserProject with(Path mavenHome) {
    return new UserProject(dir, mavenHome, environment);
  }

  /** This project, with another variable in the environment of builds. */
  UserProject with(String variable, String value) {
    Map<String, String> more = new LinkedHashMap<>(environment);
    more.put(variable, value);
    return new UserProject(dir, home, more);
  }

  static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException("Failsafe sets " + name);
    }
    return value;
  }

  /** Writes {@code settings.xml}; Maven gets everything from folders. */
  void settings(String servers) throws IOException {
    write(
        "settings.xml",
        """
        <settings>
          <localRepository>%1$s</localRepository>
          <servers>%3$s</servers>
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
            .formatted(
                property("it.repository"), Path.of(property("it.central")).toUri(), servers));
  }

  void write(String path, String text) throws IOException {
    Path file = file(path);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  Path file(String path) {
    return dir.resolve(path);
  }

  /** A pom whose plugins are the block that users copy. */
  static String jarPom(String artifact, String dependencies, String configuration) {
    return pom(artifact, "jar", dependencies(dependencies) + build(plugins(configuration)));
  }

  static String dependencies(String dependencies) {
    return "<dependencies>" + dependencies + "</dependencies>";
  }

  static String build(String plugins) {
    return "<build><plugins>" + plugins + "</plugins></build>";
  }

  /** The part of a pom that users copy. */
  static String plugins(String configuration) {
    return """
        <plugin>
          <artifactId>maven-resources-plugin</artifactId>
          <version>3.5.0</version>
        </plugin>
        <plugin>
          <artifactId>maven-compiler-plugin</artifactId>
          <version>3.16.0</version>
          <configuration>
            <annotationProcessorPaths>
              %1$s
            </annotationProcessorPaths>
          </configuration>
        </plugin>
        """
            .formatted(processorPath("path"))
        + plugin(configuration);
  }

  /**
   * Plugins of the phases from test to deploy. The last is bound anew, behind ours, so that it
   * deploys what ours attaches.
   */
  static String packaging() {
    return """
        <plugin>
          <artifactId>maven-surefire-plugin</artifactId>
          <version>%s</version>
        </plugin>
        <plugin>
          <artifactId>maven-jar-plugin</artifactId>
          <version>3.5.0</version>
        </plugin>
        <plugin>
          <artifactId>maven-install-plugin</artifactId>
          <version>3.1.4</version>
          <configuration><skip>true</skip></configuration>
        </plugin>
        <plugin>
          <artifactId>maven-deploy-plugin</artifactId>
          <version>3.1.4</version>
          <executions>
            <execution>
              <id>default-deploy</id>
              <phase>none</phase>
            </execution>
            <execution>
              <id>deploy-with-record</id>
              <phase>deploy</phase>
              <goals><goal>deploy</goal></goals>
            </execution>
          </executions>
        </plugin>
        """
        .formatted(property("it.surefire"));
  }

  /** The processor, as an element of a processor path. */
  static String processorPath(String element) {
    return """
        <%1$s>
          <groupId>dev.imagespec</groupId>
          <artifactId>imagespec-processor</artifactId>
          <version>%2$s</version>
        </%1$s>
        """
        .formatted(element, VERSION);
  }

  /** Our plugin. */
  static String plugin(String configuration) {
    return """
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
        """
        .formatted(VERSION, configuration);
  }

  static String pom(String artifact, String packaging, String rest) {
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

  static String dependency(String group, String artifact, String version, String scope) {
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

  static String annotations() {
    return dependency("dev.imagespec", "imagespec-annotations", VERSION, "compile");
  }

  /** The source of a task class, whose base is in a registry. */
  static String task(String registry, String ofPackage, String name, String statement) {
    return TASK.formatted(ofPackage, name, registry, statement);
  }

  /** A goal by its full name. */
  static String goal(String name) {
    return "dev.imagespec:imagespec-maven-plugin:" + VERSION + ":" + name;
  }

  /** A build that ended. */
  record Build(int status, String log) {
    long count(String text) {
      Matcher matcher = Pattern.compile(Pattern.quote(text)).matcher(log);
      return matcher.results().count();
    }
  }

  Build maven(String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(home.resolve("bin").resolve("mvn").toString());
    line.addAll(List.of("-B", "-s", file("settings.xml").toString()));
    line.addAll(Arrays.asList(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(dir.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Build(process.waitFor(), log);
  }
}
