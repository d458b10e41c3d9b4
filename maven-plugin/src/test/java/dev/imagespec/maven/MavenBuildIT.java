package dev.imagespec.maven;

import static dev.imagespec.maven.UserProject.annotations;
import static dev.imagespec.maven.UserProject.dependencies;
import static dev.imagespec.maven.UserProject.dependency;
import static dev.imagespec.maven.UserProject.goal;
import static dev.imagespec.maven.UserProject.jarPom;
import static dev.imagespec.maven.UserProject.pom;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.maven.UserProject.Build;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Builds of projects by Maven itself, which push to a registry in this process. */
class MavenBuildIT {
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

  private String task(String ofPackage, String name, String statement) {
    return UserProject.task(registry.registry(), ofPackage, name, statement);
  }

  private String toRegistry() {
    return "<registry>" + registry.registry() + "</registry>";
  }

  private static RegistrationRecord record(Path file) throws IOException {
    return RegistrationRecord.parse(Files.readString(file));
  }

  /** A project in the temporary folder. */
  private UserProject project() throws IOException {
    return UserProject.in(dir);
  }

  @ParameterizedTest
  @ValueSource(strings = {"it.maven.home", "it.maven39.home"})
  void aModuleIsRegisteredByOneBlockOfThePom(String home) throws Exception {
    UserProject project = project().with(Path.of(UserProject.property(home)));
    project.write(
        "pom.xml",
        jarPom(
            "tasks",
            annotations()
                + dependency("org.slf4j", "slf4j-api", "2.0.20", "compile")
                + dependency("org.jspecify", "jspecify", "1.0.1", "provided"),
            toRegistry()));
    project.write(
        "src/main/java/com/acme/Report.java",
        task(
            "com.acme", "Report", "org.slf4j.LoggerFactory.getLogger(Report.class).info(\"hi\");"));
    Build build = project.maven("process-classes");
    assertThat(build.status()).as(build.log()).isZero();
    assertThat(build.log())
        .contains("com.acme.Report runs in " + registry.registry() + "/team/app@sha256:")
        .containsPattern("IMAGE +ACTION +SENT +TIME")
        .containsPattern("/team/app:is1-[0-9a-f]{32} +pushed +[0-9.]+ [kM]B +[0-9.]+ s");
    RegistrationRecord record = record(dir.resolve("target/imagespec/registration.json"));
    assertThat(record.tasks()).containsOnlyKeys("com.acme.Report");
    assertThat(dir.resolve("imagespec.lock")).isRegularFile();
    Path report = dir.resolve("target/imagespec/report.html");
    assertThat(report).content().contains("\"kind\":\"registration\"", "com.acme.Report");
    Files.delete(report);
    project.write("imagespec.properties", "imagespec.record=elsewhere.json\n");

    Path asked = dir.resolve("target/asked.html");
    Build shown = project.maven("process-classes", "-Dimagespec.report=" + asked);
    assertThat(shown.status()).as(shown.log()).isZero();
    assertThat(asked).content().contains("\"kind\":\"registration\"", "\"reused\"");

    Build again = project.maven("process-classes", goal("check"));
    assertThat(again.status()).as(again.log()).isZero();
    assertThat(again.log()).contains("reuse  " + registry.registry() + "/team/app:is1-");
    assertThat(record(dir.resolve("elsewhere.json")).tasks()).containsOnlyKeys("com.acme.Report");

    registry.journal().clear();
    Build offline = project.maven("-o", "process-classes");
    assertThat(offline.status()).as(offline.log()).isZero();
    assertThat(registry.journal().entries())
        .as("the target alone is asked, the base is as the lock has it")
        .isNotEmpty()
        .allMatch(entry -> entry.path().startsWith("/v2/team/app/"));
    assertThat(registry.journal().entries())
        .as("once for the one image")
        .extracting(entry -> entry.operation())
        .containsExactly("HEAD manifest");
    assertThat(report).as("nothing was built, and nobody asks for it").doesNotExist();

    Build exported =
        project.maven(goal("export"), "-Dimagespec.to=" + dir.resolve("context"), "-o");
    assertThat(exported.status()).as(exported.log()).isZero();
    String classPath = Files.readString(dir.resolve("context/classpath"));
    assertThat(classPath).contains("/app/classes/0:").contains("slf4j-api-2.0.20.jar");
    assertThat(classPath).doesNotContain("jspecify").doesNotContain("imagespec-annotations");
  }

  @Test
  void anImageIsSavedAndTheRecordIsDeployed() throws Exception {
    UserProject project = project();
    project.write(
        "pom.xml",
        jarPom("tasks", annotations(), toRegistry())
            .replace("<phase>process-classes</phase>", "")
            .replace("</plugins>", UserProject.packaging() + "</plugins>"));
    project.write("src/main/java/com/acme/Report.java", task("com.acme", "Report", ""));
    Path tar = dir.resolve("image.tar");
    Build saved = project.maven("process-classes", goal("save"), "-Dimagespec.to=" + tar);
    assertThat(saved.status()).as(saved.log()).isZero();
    assertThat(saved.log()).contains("To run it: docker load --input " + tar);
    assertThat(tar).isNotEmptyFile();
    assertThat(registry.journal().count("PUT manifest")).isZero();

    Path repository = dir.resolve("repository");
    Build deployed =
        project.maven(
            "deploy", "-DaltDeploymentRepository=here::" + repository.toUri(), "-DskipTests");
    assertThat(deployed.status()).as(deployed.log()).isZero();
    try (Stream<Path> files = Files.list(repository.resolve("com/acme/tasks/1.0-SNAPSHOT"))) {
      Optional<Path> json = files.filter(file -> file.toString().endsWith(".json")).findFirst();
      assertThat(json).as(deployed.log()).isPresent();
      assertThat(json.orElseThrow().getFileName().toString())
          .matches("tasks-1\\.0-.*-imagespec-registration\\.json");
      assertThat(record(json.orElseThrow()).tasks()).containsOnlyKeys("com.acme.Report");
    }
  }

  @Test
  void theAnnotationsAreInImagesThatUseTheirRecord() throws Exception {
    UserProject project = project();
    project.write("pom.xml", jarPom("tasks", annotations(), toRegistry()));
    project.write(
        "src/main/java/com/acme/Report.java",
        task("com.acme", "Report", "System.out.println(ReportImage.reference());"));
    Build build =
        project.maven(
            "process-classes", goal("export"), "-Dimagespec.to=" + dir.resolve("context"));
    assertThat(build.status()).as(build.log()).isZero();
    assertThat(Files.readString(dir.resolve("context/classpath")))
        .contains("imagespec-annotations");
  }

  @Test
  void aReactorIsOneRegistrationAtItsEnd() throws Exception {
    UserProject project = project();
    project.write(
        "pom.xml",
        pom(
            "all",
            "pom",
            "<modules><module>lib</module><module>one</module><module>two</module></modules>"));
    project.write("lib/pom.xml", pom("lib", "jar", UserProject.build(UserProject.PINNED)));
    project.write(
        "lib/src/main/java/com/acme/lib/Text.java",
        "package com.acme.lib; public class Text { public static String of() { return \"t\"; } }");
    for (String module : List.of("one", "two")) {
      project.write(
          module + "/pom.xml",
          jarPom(
              module,
              annotations() + dependency("com.acme", "lib", "1.0-SNAPSHOT", "compile"),
              toRegistry()));
      String name = module.equals("one") ? "One" : "Two";
      project.write(
          module + "/src/main/java/com/acme/" + name + ".java",
          task("com.acme", name, "System.out.println(com.acme.lib.Text.of());"));
    }
    Build build = project.maven("-T2", "process-classes");
    assertThat(build.status()).as(build.log()).isZero();
    assertThat(build.log()).contains("com.acme.One runs in ").contains("com.acme.Two runs in ");
    assertThat(build.count("waits for the last module")).isEqualTo(1);
    assertThat(record(dir.resolve("one/target/imagespec/registration.json")).tasks())
        .containsOnlyKeys("com.acme.One");
    assertThat(record(dir.resolve("two/target/imagespec/registration.json")).tasks())
        .containsOnlyKeys("com.acme.Two");

    Build one = project.maven("process-classes", "-pl", "one", "-am");
    assertThat(one.status()).as(one.log()).isZero();
    assertThat(one.log()).contains("com.acme.One runs in ").doesNotContain("com.acme.Two runs");

    Build chosen = project.maven("process-classes", "-Dimagespec.projects=:two");
    assertThat(chosen.status()).as(chosen.log()).isZero();
    assertThat(chosen.log()).contains("com.acme.Two runs in ").doesNotContain("com.acme.One runs");

    project.write(
        "two/src/main/java/com/acme/Two.java",
        task("com.acme", "Two", "").replace("/base:1", "/none:1"));
    Build failing = project.maven("process-classes");
    assertThat(failing.status()).isNotZero();
    assertThat(failing.log())
        .contains("BUILD FAILURE")
        .contains("com.acme.Two in :two: ")
        .contains("com.acme.One runs in ");
  }

  @Test
  void twoModulesShareAnImage() throws Exception {
    UserProject project = project();
    project.write(
        "pom.xml",
        pom("all", "pom", "<modules><module>one</module><module>two</module></modules>"));
    for (String module : List.of("one", "two")) {
      project.write(module + "/pom.xml", jarPom(module, annotations(), toRegistry()));
      project.write(
          module + "/src/main/java/com/acme/" + module + "/Tool.java",
          task("com.acme." + module, "Tool", "")
              .replace("mainClass = Tool.class", "entrypoint = \"/bin/tool\""));
    }
    Build build = project.maven("process-classes");
    assertThat(build.status()).as(build.log()).isZero();
    String image =
        record(dir.resolve("one/target/imagespec/registration.json"))
            .tasks()
            .get("com.acme.one.Tool");
    assertThat(record(dir.resolve("target/imagespec/registration.json")).tasks())
        .containsEntry("com.acme.one.Tool", image)
        .containsEntry("com.acme.two.Tool", image);
    assertThat(
            registry
                .journal()
                .count(
                    entry ->
                        entry.operation().equals("PUT manifest")
                            && entry.path().contains("/team/app/")))
        .isEqualTo(1);
  }

  @Test
  void aModuleWithoutTheProcessorIsToldWhichLinesToAdd() throws Exception {
    UserProject project = project();
    project.write(
        "pom.xml",
        pom(
            "tasks",
            "jar",
            dependencies(annotations())
                + UserProject.build(UserProject.PINNED + UserProject.plugin(toRegistry()))));
    project.write("src/main/java/com/acme/Report.java", task("com.acme", "Report", ""));
    Build build = project.maven("process-classes");
    assertThat(build.status()).isNotZero();
    assertThat(build.log())
        .contains(
            ":tasks has task classes without images, because they were compiled without the"
                + " annotation processor: com.acme.Report. Add to its pom.xml, and compile afresh with mvn clean:")
        .contains("<artifactId>imagespec-processor</artifactId>")
        .contains("<version>" + UserProject.VERSION + "</version>");
    assertThat(registry.journal().entries()).isEmpty();
    // The classes are there: the goal alone, without the registration that is bound before it.
    Build check = project.maven(goal("check"));
    assertThat(check.status()).isNotZero();
    assertThat(check.log())
        .contains("Failed to execute goal " + goal("check"))
        .contains(":tasks has task classes without images");
    assertThat(registry.journal().entries()).isEmpty();

    // The lines, as they are said.
    String said = build.log().substring(build.log().indexOf("<plugin>"));
    String lines = said.substring(0, said.indexOf("</plugin>") + "</plugin>".length());
    project.write(
        "pom.xml",
        pom(
            "tasks",
            "jar",
            dependencies(annotations())
                + UserProject.build(
                    UserProject.PINNED.substring(0, UserProject.PINNED.indexOf("</plugin>") + 9)
                        + lines
                        + UserProject.plugin(toRegistry()))));
    project.write("src/main/java/com/acme/Report.java", task("com.acme", "Report", "int i = 1;"));
    Build mended = project.maven("process-classes");
    assertThat(mended.status()).as(mended.log()).isZero();
  }

  @Test
  void wrongSettingsAreNamedAndSkippedIsSkipped() throws Exception {
    UserProject project = project();
    project.write("pom.xml", jarPom("tasks", annotations(), toRegistry()));
    project.write("src/main/java/com/acme/Report.java", task("com.acme", "Report", ""));
    Build wrong = project.maven("process-classes", "-Dimagespec.regsitry=x");
    assertThat(wrong.status()).isNotZero();
    assertThat(wrong.log())
        .contains(
            "-D, imagespec.regsitry: there is no such setting; did you mean imagespec.registry?");
    Build skipped = project.maven("process-classes", "-Dimagespec.skip");
    assertThat(skipped.status()).as(skipped.log()).isZero();
    assertThat(registry.journal().entries()).isEmpty();
    Build offline = project.maven("-o", "process-classes");
    assertThat(offline.log()).contains("has no entry for " + registry.registry() + "/base:1");
    assertThat(registry.journal().entries()).isEmpty();
  }
}
