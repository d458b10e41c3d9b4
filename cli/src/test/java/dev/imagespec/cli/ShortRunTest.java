package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.TestImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a registration with Amazon ECR loads that has nothing to do, in a process of its own: most
 * of its time goes into loading classes, so those are counted.
 */
class ShortRunTest {
  private static final int PATIENCE_SECONDS = 60;

  @TempDir Path dir;
  private Project project = new Project(Path.of(""));
  private final EcrServer ecr = EcrServer.start();

  @BeforeEach
  void project() {
    ecr.push("base", "1", TestImage.builder().layer("a", "a").build());
    project = new Project(dir);
    project
        .task(Project.program("a.Task", ecr.registry() + "/base:1", Map.of("A", "b")))
        .write("classes/settings.txt", "a");
  }

  @AfterEach
  void stop() {
    ecr.close();
  }

  /** Registers; returns the names of the classes that were loaded. */
  private List<String> register(String... arguments) throws Exception {
    Path loaded = dir.resolve("loaded");
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(project.options(ecr.registry()));
    List<String> line =
        CommandRunner.process(List.of("-Xlog:class+load:file=" + loaded + ":none"), all);
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectOutput(dir.resolve("out").toFile())
            .redirectError(dir.resolve("err").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_ENDPOINT_URL_ECR", ecr.endpoint().toString(),
                "AWS_REGION", ecr.region(),
                "AWS_ACCESS_KEY_ID", "any",
                "AWS_SECRET_ACCESS_KEY", "any",
                "HOME", dir.toString(),
                "XDG_CACHE_HOME", dir.resolve("cache").toString(),
                "DOCKER_CONFIG", dir.toString(),
                "IMAGESPEC_ECR_HOSTS", ecr.registry()));
    Process process = builder.start();
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(dir.resolve("err"))).isZero();
    try (var lines = Files.lines(loaded)) {
      return lines.map(text -> text.replaceFirst("[ /].*", "")).toList();
    }
  }

  private static long count(List<String> classes, String start) {
    return classes.stream().filter(name -> name.startsWith(start)).count();
  }

  @Test
  @Timeout(4 * PATIENCE_SECONDS)
  void loadsNothingThatItDoesNotUse() throws Exception {
    assertThat(register("register"))
        .as("the first time, an image is built and sent")
        .anyMatch(name -> name.startsWith("com.google.cloud.tools.jib."))
        .contains("jdk.internal.net.http.HttpClientImpl");
    ecr.journal().clear();
    project.write("config.json", "{\"auths\": {}}");
    List<String> loaded = register("register");
    assertThat(ecr.journal().entries())
        .extracting(entry -> entry.operation())
        .containsExactly("BatchGetImage");
    for (String unused :
        List.of(
            // Its thread would hold up the exit, too.
            "jdk.internal.net.http.HttpClientImpl",
            "com.fasterxml.jackson.databind.ObjectMapper",
            "com.google.",
            "org.apache.",
            "org.yaml.",
            "org.snakeyaml.",
            "software.amazon.awssdk.services.ecs",
            "software.amazon.awssdk.services.sts.Sts",
            "dev.imagespec.runtime.compose.LayerBuilder",
            "dev.imagespec.runtime.report.ReportPage",
            "dev.imagespec.cli.PlanCommand",
            "dev.imagespec.cli.DoctorCommand",
            "dev.imagespec.cli.SaveCommand")) {
      assertThat(loaded).as(unused).noneMatch(name -> name.startsWith(unused));
    }
    // Bounds, not goals: about a tenth more than it takes now.
    assertThat(count(loaded, "dev.imagespec.")).as("with a class a lambda").isLessThan(850);
    assertThat(count(loaded, "picocli.")).isLessThan(190);
    assertThat(count(loaded, "com.fasterxml.jackson.")).isLessThan(120);
    assertThat(count(loaded, "java.lang.invoke.LambdaForm$")).isLessThan(180);
    assertThat(loaded).hasSizeLessThan(5700);
  }
}
