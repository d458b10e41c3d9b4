package dev.imagespec.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A build by Maven of a project with one class and one library, that pushes its image with one of
 * two plugins. Both builds compile with the processor.
 *
 * @param goal the plugin's goal, by its full name
 */
record MavenBuild(String name, String goal) implements Peer {
  private static final String SOURCE =
      """
      package com.acme;

      import dev.imagespec.ImageSpec;

      @ImageSpec(name = "bench/ours", baseImage = "%s/base:1", mainClass = Report.class)
      public class Report {
        public static void main(String[] args) {
          System.out.println("%s");
        }
      }
      """;

  private static final String POM =
      """
      <project xmlns="http://maven.apache.org/POM/4.0.0">
        <modelVersion>4.0.0</modelVersion>
        <groupId>com.acme</groupId>
        <artifactId>tasks</artifactId>
        <version>1.0</version>
        <properties>
          <maven.compiler.release>17</maven.compiler.release>
          <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
        </properties>
        <dependencies>
          <dependency>
            <groupId>dev.imagespec</groupId><artifactId>imagespec-annotations</artifactId><version>%1$s</version>
          </dependency>
          <dependency>
            <groupId>com.google.guava</groupId><artifactId>guava</artifactId><version>%2$s</version>
          </dependency>
        </dependencies>
        <build><plugins>
          <plugin><artifactId>maven-resources-plugin</artifactId><version>%3$s</version></plugin>
          <plugin>
            <artifactId>maven-compiler-plugin</artifactId><version>%4$s</version>
            <configuration><annotationProcessorPaths><path>
              <groupId>dev.imagespec</groupId><artifactId>imagespec-processor</artifactId><version>%1$s</version>
            </path></annotationProcessorPaths></configuration>
          </plugin>
          <plugin>
            <groupId>dev.imagespec</groupId><artifactId>imagespec-maven-plugin</artifactId><version>%1$s</version>
            <configuration><registry>%6$s</registry></configuration>
          </plugin>
          <plugin>
            <groupId>com.google.cloud.tools</groupId><artifactId>jib-maven-plugin</artifactId><version>%5$s</version>
            <configuration>
              <from><image>%6$s/base:1</image></from>
              <to><image>%6$s/bench/jib</image></to>
              <container><mainClass>com.acme.Report</mainClass></container>
              <allowInsecureRegistries>%7$s</allowInsecureRegistries>
            </configuration>
          </plugin>
        </plugins></build>
      </project>
      """;

  private static final String SETTINGS =
      """
      <settings>
        <localRepository>%1$s</localRepository>
        <mirrors><mirror><id>local</id><mirrorOf>*</mirrorOf><url>%2$s</url></mirror></mirrors>
      </settings>
      """;

  static MavenBuild ours() {
    return new MavenBuild(
        "mvn imagespec:register",
        "dev.imagespec:imagespec-maven-plugin:" + Surroundings.build("version") + ":register");
  }

  static MavenBuild jib() {
    return new MavenBuild(
        "mvn jib:build",
        "com.google.cloud.tools:jib-maven-plugin:"
            + Surroundings.build("jib-maven-plugin")
            + ":build");
  }

  @Override
  public boolean takes(Scenario scenario) {
    return true;
  }

  @Override
  public void prepare(Trial trial, Phase phase) throws IOException {
    if (phase == Phase.NOTHING) {
      return;
    }
    Path folder = app(trial);
    String host = trial.bench().host();
    if (phase == Phase.COLD) {
      Trees.delete(trial.cache());
      Files.createDirectories(folder.resolve("src/main/java/com/acme"));
      Files.writeString(
          folder.resolve("pom.xml"),
          POM.formatted(
              Surroundings.build("version"),
              Surroundings.build("guava"),
              Surroundings.build("resources"),
              Surroundings.build("compiler"),
              Surroundings.build("jib-maven-plugin"),
              host,
              trial.bench().certificate().isEmpty()));
      Files.writeString(
          folder.resolve("settings.xml"),
          SETTINGS.formatted(
              Surroundings.target().resolve("repository"),
              Path.of(Surroundings.build("local-repository")).toUri()));
    }
    Files.writeString(
        folder.resolve("src/main/java/com/acme/Report.java"), SOURCE.formatted(host, phase));
  }

  private static Path app(Trial trial) {
    return trial.folder().resolve("app");
  }

  @Override
  public Timed.Command command(Trial trial, Phase phase) {
    return new Timed.Command(
        List.of(
            Path.of(Surroundings.build("home"), "bin/mvn").toString(),
            "-q",
            "-B",
            "-s",
            "settings.xml",
            "process-classes",
            goal,
            "-Dimagespec.record=" + trial.folder().resolve("record.json"),
            "-Djib.baseImageCache=" + trial.cache().resolve("base"),
            "-Djib.applicationCache=" + trial.cache().resolve("application")),
        Map.of(
            "XDG_CACHE_HOME",
            trial.cache().toString(),
            "MAVEN_OPTS",
            String.join(" ", trial.bench().flags())),
        app(trial));
  }

  @Override
  public List<String> references(Trial trial) throws IOException {
    Path record = trial.folder().resolve("record.json");
    if (!Files.exists(record)) {
      return List.of("bench/jib:latest");
    }
    String reference =
        dev.imagespec.RegistrationRecord.parse(Files.readString(record))
            .tasks()
            .getOrDefault("com.acme.Report", "");
    return List.of(reference.substring(reference.indexOf('/') + 1));
  }

  @Override
  public List<Path> files(Trial trial, int image) {
    return List.of(app(trial).resolve("target/classes/com/acme/Report.class"));
  }
}
