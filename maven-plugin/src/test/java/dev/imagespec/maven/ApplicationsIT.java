package dev.imagespec.maven;

import static dev.imagespec.maven.UserProject.annotations;
import static dev.imagespec.maven.UserProject.build;
import static dev.imagespec.maven.UserProject.dependencies;
import static dev.imagespec.maven.UserProject.dependency;
import static dev.imagespec.maven.UserProject.goal;
import static dev.imagespec.maven.UserProject.pom;
import static dev.imagespec.maven.UserProject.processorPath;
import static dev.imagespec.maven.UserProject.property;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.maven.UserProject.Build;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Applications as the frameworks' own plugins build them: registered behind the phase package, and
 * run from the exported context with the command that the image has.
 */
class ApplicationsIT {
  private static final String WAR =
      """
      <plugin>
        <artifactId>maven-war-plugin</artifactId>
        <version>%s</version>
        <configuration><failOnMissingWebXml>false</failOnMissingWebXml></configuration>
      </plugin>
      """;

  @TempDir Path dir;
  private final RegistryServer registry = RegistryServer.anonymous();
  private String log = "";

  @BeforeEach
  void start() throws IOException {
    registry.push("base", "1", TestImage.builder().layer("etc/a", "a").build());
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  /** A project whose plugins come before ours in the phase package. */
  private UserProject project(String packaging, String top, String dependencies, String plugins)
      throws IOException {
    UserProject project = UserProject.in(dir);
    String ours =
        UserProject.plugin("<registry>" + registry.registry() + "</registry>")
            .replace("process-classes", "package");
    String compiler =
        UserProject.PINNED.replace(
            "<version>3.16.0</version>",
            "<version>3.16.0</version><configuration><annotationProcessorPaths>"
                + processorPath("path")
                + "</annotationProcessorPaths></configuration>");
    project.write(
        "pom.xml",
        pom(
            "tasks",
            packaging,
            top
                + dependencies(annotations() + dependencies)
                + build(compiler + UserProject.packaging() + plugins + ours)
                    .replace("<build>", "<build><finalName>app</finalName>")));
    return project;
  }

  private void task(UserProject project, String application, String head, String body)
      throws IOException {
    project.write(
        "src/main/java/com/acme/Report.java",
        """
        package com.acme;

        import dev.imagespec.*;

        %s
        @ImageSpec(name = "team/app", baseImage = "%s/base:1", application = @Application(%s))
        public class Report%s
        """
            .formatted(head, registry.registry(), application, body));
  }

  /** Builds, registers and exports the only task; the folder of its application's files. */
  private Path exported(UserProject project) throws IOException, InterruptedException {
    Path context = dir.resolve("context");
    Build build =
        project.maven(
            "package", goal("export"), "-Dmaven.test.skip=true", "-Dimagespec.to=" + context);
    assertThat(build.status()).as(build.log()).isZero();
    assertThat(build.log()).contains("com.acme.Report runs in " + registry.registry());
    log = build.log();
    return context.resolve("application");
  }

  /** Runs the ENTRYPOINT of the context's Dockerfile, with the image's files in a folder. */
  private String run(Path root) throws IOException, InterruptedException {
    String dockerfile = Files.readString(root.resolveSibling("Dockerfile"));
    Matcher entrypoint =
        Pattern.compile("ENTRYPOINT \\[\"java\", \"@(.*)\"\\]").matcher(dockerfile);
    assertThat(entrypoint.find()).as(dockerfile).isTrue();
    Path launch = root.resolve(entrypoint.group(1).substring(1));
    Files.writeString(
        launch, Files.readString(launch).replace("\"/app", "\"" + root.resolve("app")));
    return java("@" + launch);
  }

  private String java(String... arguments) throws IOException, InterruptedException {
    List<String> line =
        Stream.concat(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                Stream.of(arguments))
            .toList();
    // The application finds itself, wherever it is started.
    Process process =
        new ProcessBuilder(line).directory(new File("/")).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }

  private static List<String> files(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static String springBoot(String configuration) {
    return """
        <plugin>
          <groupId>org.springframework.boot</groupId>
          <artifactId>spring-boot-maven-plugin</artifactId>
          <version>%s</version>
          <configuration>%s</configuration>
          <executions><execution><goals><goal>repackage</goal></goals></execution></executions>
        </plugin>
        """
        .formatted(property("it.spring-boot"), configuration);
  }

  private UserProject springBoot(String packaging, String configuration) throws IOException {
    String war = packaging.equals("war") ? WAR.formatted(property("it.war")) : "";
    UserProject project =
        project(
            packaging,
            "",
            dependency(
                "org.springframework.boot",
                "spring-boot-starter",
                property("it.spring-boot"),
                "compile"),
            war + springBoot(configuration));
    project.write("src/main/resources/application.properties", "acme.text=from its properties\n");
    task(
        project,
        "from = \"target/app." + packaging + "\"",
        "@org.springframework.boot.autoconfigure.SpringBootApplication",
        """
         {
          public static void main(String[] args) {
            try (var context =
                org.springframework.boot.SpringApplication.run(Report.class, args)) {
              System.out.println(context.getEnvironment().getProperty("acme.text"));
            }
          }
        }
        """);
    return project;
  }

  @Test
  void aSpringBootJarRunsInTheLayersOfItsIndex() throws Exception {
    UserProject project = springBoot("jar", "");
    Path root = exported(project);
    isUnpackedAsBySpringBoot(project.file("target/app.jar"), root.resolve("app"));
    assertThat(run(root)).contains("from its properties");
    Matcher image = Pattern.compile("runs in \\S+/team/app@(\\S+)").matcher(log);
    assertThat(image.find()).as(log).isTrue();
    String manifest = registry.manifest("team/app", image.group(1)).orElseThrow();
    assertThat(manifest.split("\"digest\"", -1))
        .as("the configuration, the base, dependencies, loader, snapshots and application")
        .hasSize(7);
  }

  /** Compares with what Spring Boot's own tool unpacks, without what is never in images. */
  private void isUnpackedAsBySpringBoot(Path jar, Path unpacked)
      throws IOException, InterruptedException {
    Path theirs = dir.resolve("theirs");
    java(
        "-Djarmode=tools",
        "-jar",
        jar.toString(),
        "extract",
        "--layers",
        "--launcher",
        "--destination",
        theirs.toString());
    List<String> expected = new ArrayList<>(List.of("launch"));
    for (String file : files(theirs)) {
      String path = file.substring(file.indexOf('/') + 1);
      if (!path.contains("META-INF/imagespec/")) {
        expected.add(path);
        assertThat(unpacked.resolve(path)).hasSameBinaryContentAs(theirs.resolve(file));
      }
    }
    assertThat(files(unpacked)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(expected).hasSizeGreaterThan(100);
  }

  @Test
  void aSpringBootWarRunsWithoutAnIndex() throws Exception {
    Path root = exported(springBoot("war", "<layers><enabled>false</enabled></layers>"));
    assertThat(files(root)).doesNotContain("app/WEB-INF/layers.idx");
    assertThat(run(root)).contains("from its properties");
  }

  @Test
  void aWarGoesBelowTheFolderOfItsServer() throws Exception {
    UserProject project = project("war", "", "", WAR.formatted(property("it.war")));
    project.write("src/main/webapp/index.html", "<p>hello");
    task(
        project,
        "from = \"target/app.war\", to = \"/usr/local/tomcat/webapps/ROOT\"",
        "",
        " { public static void main(String[] args) { System.out.println(\"hello\"); } }");
    Path root = exported(project);
    assertThat(root.resolveSibling("Dockerfile")).content().doesNotContain("ENTRYPOINT", "CMD");
    Path web = root.resolve("usr/local/tomcat/webapps/ROOT");
    assertThat(web.resolve("index.html")).hasContent("<p>hello");
    assertThat(files(web.resolve("WEB-INF/lib")))
        .containsExactly("imagespec-annotations-" + UserProject.VERSION + ".jar");
    assertThat(java("-cp", web.resolve("WEB-INF/classes").toString(), "com.acme.Report"))
        .isEqualTo("hello\n");
  }

  @Test
  @EnabledIfSystemProperty(named = "it.full", matches = "true", disabledReason = "runs with -Pfull")
  void aQuarkusFastJarRuns() throws Exception {
    String version = property("it.quarkus");
    UserProject project =
        project(
            "jar",
            "<dependencyManagement>"
                + dependencies(
                    dependency("io.quarkus", "quarkus-bom", version, "import")
                        .replace("</version>", "</version><type>pom</type>"))
                + "</dependencyManagement>",
            dependency("io.quarkus", "quarkus-arc", version, "compile"),
            """
            <plugin>
              <groupId>io.quarkus</groupId>
              <artifactId>quarkus-maven-plugin</artifactId>
              <version>%s</version>
              <extensions>true</extensions>
              <executions><execution><goals><goal>build</goal></goals></execution></executions>
            </plugin>
            """
                .formatted(version));
    task(
        project,
        "from = \"target/quarkus-app\"",
        "@io.quarkus.runtime.annotations.QuarkusMain",
        """
         implements io.quarkus.runtime.QuarkusApplication {
          @Override
          public int run(String... args) {
            System.out.println("from Quarkus");
            return 0;
          }
        }
        """);
    assertThat(run(exported(project))).contains("from Quarkus");
  }
}
