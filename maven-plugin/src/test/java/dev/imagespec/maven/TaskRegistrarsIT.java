package dev.imagespec.maven;

import static dev.imagespec.maven.UserProject.annotations;
import static dev.imagespec.maven.UserProject.goal;
import static dev.imagespec.maven.UserProject.jarPom;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.maven.UserProject.Build;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Journal;
import dev.imagespec.testkit.TestImage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Maven build whose registration goes on to where the tasks run. */
class TaskRegistrarsIT {
  @TempDir Path dir;

  @Test
  void theGoalRegistersTheTasksOnTheirPlatformToo() throws Exception {
    try (EcrServer aws = EcrServer.start()) {
      aws.push("hub/base", "1", TestImage.small());
      UserProject project =
          UserProject.in(dir.resolve("project"))
              .with("AWS_ENDPOINT_URL", aws.endpoint().toString())
              .with("AWS_REGION", "us-east-1")
              .with("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
              .with("AWS_SECRET_ACCESS_KEY", "not-for-logs")
              .with("AWS_EC2_METADATA_DISABLED", "true")
              .with("IMAGESPEC_ECR_HOSTS", aws.registry());
      project.write(
          "pom.xml",
          jarPom(
              "tasks",
              annotations(),
              "<registry>"
                  + aws.registry()
                  + "</registry><definitions><definition>ecs:deploy/report.json</definition>"
                  + "</definitions><render>k8s.yaml=target/k8s.yaml</render>"));
      project.write(
          "src/main/java/com/acme/Report.java",
          UserProject.task(aws.registry() + "/hub", "com.acme", "Report", ""));
      project.write(
          "deploy/report.json",
          """
          {"family": "report",
           "containerDefinitions": [{"name": "r", "image": "com.acme.Report", "memory": 64}]}
          """);
      project.write("k8s.yaml", "image: com.acme.Report\n");

      Build dry = project.maven("process-classes", "-Dimagespec.dry-run");
      assertThat(dry.status()).as(dry.log()).isZero();
      assertThat(dry.log())
          .contains("send   aws  ecs:deploy/report.json  for com.acme.Report")
          .contains("definitions: 2 to register, 0 unchanged");
      assertThat(aws.journal().count("RegisterTaskDefinition")).isZero();
      assertThat(project.maven("process-classes", goal("check"), "-Dimagespec.dry-run").status())
          .isEqualTo(1);

      String arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/report:1";
      Build build = project.maven("process-classes");
      assertThat(build.status()).as(build.log()).isZero();
      assertThat(build.log())
          .contains("com.acme.Report is " + arn + " (ecs:deploy/report.json, registered)")
          .contains("com.acme.Report is target/k8s.yaml (k8s.yaml, registered)")
          .doesNotContain("not-for-logs");
      Path folder = dir.resolve("project/target");
      RegistrationRecord record =
          RegistrationRecord.read(folder.resolve("imagespec/registration.json"));
      assertThat(record.registrations())
          .contains(
              new RegistrationRecord.RegisteredTask(
                  "aws", "ecs:deploy/report.json", "com.acme.Report", arn));
      assertThat(Files.readString(folder.resolve("k8s.yaml")))
          .isEqualTo("image: " + record.reference("com.acme.Report").orElseThrow() + "\n");

      aws.journal().clear();
      Build again = project.maven("process-classes", goal("check"));
      assertThat(again.status()).as(again.log()).isZero();
      assertThat(again.log()).contains("(ecs:deploy/report.json, unchanged)");
      assertThat(aws.journal().entries())
          .extracting(Journal.Entry::operation)
          .contains("DescribeTaskDefinition")
          .doesNotContain("RegisterTaskDefinition");
    }
  }
}
