package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.json.Json;
import dev.imagespec.registrar.flyte.Flyte1Server;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.Journal;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One command from classes to platforms: the examples are pushed to an Amazon ECR in this process,
 * registered with its ECS, Batch and Lambda and with both generations of Flyte, and rendered into a
 * file. A second run sends nothing.
 */
class PlatformsIT {
  private static final String WORD_COUNT = "dev.imagespec.examples.WordCount";

  @TempDir Path dir;
  private final EcrServer aws = EcrServer.start();

  @BeforeEach
  void project() throws IOException {
    aws.push("hub/library/eclipse-temurin", "17.0.13_11-jre", TestImage.small());
    Path deploy = Path.of("deploy").toAbsolutePath();
    Files.writeString(
        dir.resolve("settings"),
        String.join(
            "\n",
            "--definition=ecs:" + deploy.resolve("aws/task-definition.json"),
            "--definition=batch:" + deploy.resolve("aws/job-definition.json"),
            "--definition=lambda:" + deploy.resolve("aws/function.json"),
            "--render="
                + deploy.resolve("kubernetes/report.yaml")
                + "="
                + dir.resolve("report.yaml"),
            "--class=" + WORD_COUNT,
            "--record=" + dir.resolve("record.json")));
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private ExternalTool.Result imagespec(String command, Map<String, String> flyte, String... more) {
    Map<String, String> environment = new TreeMap<>(flyte);
    environment.put("AWS_ENDPOINT_URL", aws.endpoint().toString());
    environment.put("IMAGESPEC_ECR_HOSTS", aws.registry());
    environment.put("AWS_REGION", aws.region());
    environment.put("AWS_ACCESS_KEY_ID", "any");
    environment.put("AWS_SECRET_ACCESS_KEY", "any");
    return PackagedCli.of(command, "--registry", aws.registry())
        .withReport(Path.of("target/classes"), dir)
        .with("--mirror", "docker.io=" + aws.registry() + "/hub")
        .with("@" + dir.resolve("settings"))
        .with(more)
        .environment(environment)
        .run();
  }

  /** The action of each task and definition. */
  private static Map<String, Object> actions(ExternalTool.Result result) {
    assertThat(result.status()).as(result.output()).isZero();
    String json = result.output().substring(result.output().indexOf("{\n"));
    Map<String, Object> actions = new TreeMap<>();
    for (Object one : (List<?>) ((Map<?, ?>) Json.parse(json)).get("registrations")) {
      Map<?, ?> registration = (Map<?, ?>) one;
      String definition = String.valueOf(registration.get("definition"));
      actions.put(
          registration.get("registrar")
              + " "
              + definition.substring(definition.lastIndexOf('/') + 1),
          registration.get("action"));
    }
    return actions;
  }

  private static Map<String, Object> all(String action) {
    return Map.of(
        "aws task-definition.json",
        action,
        "aws job-definition.json",
        action,
        "aws function.json",
        action,
        "flyte " + WORD_COUNT,
        action,
        "render report.yaml",
        action);
  }

  private List<String> operations() {
    return aws.journal().entries().stream().map(Journal.Entry::operation).toList();
  }

  @Test
  void theExamplesReachEveryPlatformOnceAndASecondRunRegistersNothing() throws Exception {
    Flyte2Server.require();
    try (Flyte2Server flyte2 = Flyte2Server.start(dir, Map.of("FLYTE2_PROJECTS", "flytesnacks"));
        Flyte1Server flyte1 = new Flyte1Server("flytesnacks")) {
      Map<String, String> two =
          Map.of("IMAGESPEC_FLYTE_ENDPOINT", flyte2.endpoint(), "IMAGESPEC_FLYTE_ORG", "acme");
      Map<String, String> one =
          Map.of("IMAGESPEC_FLYTE_ENDPOINT", flyte1.endpoint(), "IMAGESPEC_FLYTE_API", "1");
      assertThat(imagespec("plan", two, "--check").status()).isEqualTo(3);
      assertThat(operations()).noneMatch(name -> name.matches("(Register|Create|Update|Put).*"));
      assertThat(flyte2.count("DeployTask")).isZero();

      assertThat(actions(imagespec("register", two, "--json"))).isEqualTo(all("registered"));
      assertThat(operations())
          .containsOnlyOnce("RegisterTaskDefinition", "RegisterJobDefinition", "CreateFunction");
      assertThat(flyte2.count("DeployTask")).isEqualTo(1);
      Map<String, String> images = RegistrationRecord.read(dir.resolve("record.json")).tasks();
      assertThat(Files.readString(dir.resolve("report.yaml")))
          .contains("image: " + images.get(PackagedCli.REPORT) + " # by digest");

      aws.journal().clear();
      flyte2.forget();
      assertThat(actions(imagespec("register", two, "--json"))).isEqualTo(all("unchanged"));
      assertThat(flyte2.journal()).hasSize(1);
      assertThat(flyte2.count("GetTaskDetails")).isEqualTo(1);
      assertThat(operations())
          .as("what is there is asked once each, and nothing is sent")
          .containsExactlyInAnyOrder(
              "BatchGetImage",
              "BatchGetImage",
              "DescribeTaskDefinition",
              "DescribeJobDefinitions",
              "GetFunction");
      assertThat(imagespec("plan", two, "--check").status()).isZero();

      Map<String, Object> elsewhere = new TreeMap<>(all("unchanged"));
      elsewhere.put("flyte " + WORD_COUNT, "registered");
      assertThat(actions(imagespec("register", one, "--json"))).isEqualTo(elsewhere);
      assertThat(actions(imagespec("register", one, "--json"))).isEqualTo(all("unchanged"));
      assertThat(flyte1.tasks())
          .singleElement()
          .satisfies(
              task -> assertThat(task.getContainer().getImage()).isEqualTo(images.get(WORD_COUNT)));

      RegistrationRecord record = RegistrationRecord.read(dir.resolve("record.json"));
      assertThat(record.registrations())
          .filteredOn(task -> task.task().equals(PackagedCli.REPORT))
          .extracting(RegistrationRecord.RegisteredTask::id)
          .contains(
              "arn:aws:ecs:us-east-1:123456789012:task-definition/daily-report:1",
              "arn:aws:batch:us-east-1:123456789012:job-definition/nightly-report:1",
              "arn:aws:lambda:us-east-1:123456789012:function:report",
              dir.resolve("report.yaml").toString());
    }
  }
}
