package dev.imagespec.registrar.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.TaskRegistrar.Action;
import dev.imagespec.testkit.Fault;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Task definitions of Amazon ECS. */
class EcsTest {
  private static final String ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/";

  @RegisterExtension final AwsProject project = new AwsProject();

  private static String image(Map<String, Object> definition) {
    return AwsProject.tree(definition).at("/containerDefinitions/0/image").asText();
  }

  @Test
  void aTaskRunsInTheImageThatWasJustPushedAndASecondRunRegistersNothing() {
    project.ecs("report", "a.Report");
    Registration first = project.register();
    assertThat(first.failures()).isEmpty();
    String image = first.tasks().getOrDefault("a.Report", "");
    assertThat(image).matches(".*/team/a-report@sha256:[0-9a-f]{64}");
    assertThat(image(project.aws.ecs().newest("report"))).isEqualTo(image);
    assertThat(project.aws.ecs().tags("report")).containsOnlyKeys("imagespec:definition");
    assertThat(first.registrations())
        .singleElement()
        .satisfies(
            registered -> {
              assertThat(registered.definition()).endsWith("deploy/report.json");
              assertThat(registered.definition()).startsWith("ecs:");
              assertThat(registered.id()).isEqualTo(ARN + "report:1");
              assertThat(registered.action()).isEqualTo(Action.REGISTERED);
              assertThat(registered.image()).isEqualTo(image);
            });

    project.aws.journal().clear();
    Registration second = project.register();
    assertThat(second.registrations())
        .singleElement()
        .satisfies(
            registered -> {
              assertThat(registered.id()).isEqualTo(ARN + "report:1");
              assertThat(registered.action()).isEqualTo(Action.UNCHANGED);
            });
    assertThat(project.changes()).isEmpty();
    assertThat(project.aws.journal().count("DescribeTaskDefinition")).isEqualTo(1);
    assertThat(project.plan().hasWork()).isFalse();
  }

  @Test
  void anotherImageMakesAnotherRevisionAndTheOldOneStays() {
    project.ecs("report", "a.Report");
    project.register();
    project.file("content", "y");
    Plan plan = project.plan();
    assertThat(plan.hasWork()).isTrue();
    assertThat(plan.definitions().get(0).changes())
        .singleElement()
        .asString()
        .startsWith("containerDefinitions[main].image: ")
        .endsWith("→ \"(known after the push)\"");
    assertThat(project.aws.ecs().revisions("report")).isEqualTo(1);
    Registration second = project.register();
    assertThat(second.registrations().get(0).id()).isEqualTo(ARN + "report:2");
    assertThat(project.aws.ecs().revisions("report")).isEqualTo(2);
    assertThat(project.aws.ecs().newest("report")).containsEntry("status", "ACTIVE");
  }

  @Test
  void whatAUserDeregisteredIsRegisteredAgain() {
    project.ecs("report", "a.Report");
    project.register();
    project.aws.ecs().deregister("report", 1);
    assertThat(project.register().registrations().get(0).id()).isEqualTo(ARN + "report:2");
  }

  @Test
  void aChangedFieldIsShownAndATagOfTheUserIsKept() {
    project.ecs("report", "a.Report");
    project.register();
    project.definition(
        "ecs",
        "report.json",
        """
        {
          "family": "report",
          "cpu": "256",
          "tags": [{"key": "team", "value": "a"}],
          "containerDefinitions": [
            {"name": "main", "image": "a.Report", "memory": 1024,
             "environment": [{"name": "MODE", "value": "canary-value"}]}
          ]
        }
        """);
    assertThat(project.plan().definitions().get(0).changes())
        .contains("containerDefinitions[main].memory: 512 → 1024", "cpu: \"256\" is added")
        .anyMatch(line -> line.startsWith("tags"))
        .noneMatch(line -> line.contains("canary"));
    project.register();
    assertThat(project.aws.ecs().tags("report"))
        .containsEntry("team", "a")
        .containsKey("imagespec:definition");
    project.aws.journal().clear();
    project.register();
    assertThat(project.changes()).isEmpty();
  }

  @Test
  void aRevisionOfSomebodyElseIsNoneOfOurs() {
    project.ecs("report", "a.Report");
    project.register();
    String tag = project.aws.ecs().tags("report").getOrDefault("imagespec:definition", "");
    assertThat(tag).matches("[0-9a-f]{64}");
    // Another file, and then the first one again: the newest revision counts.
    project.definition(
        "ecs",
        "report.json",
        "{\"family\":\"report\",\"containerDefinitions\":[{\"name\":\"main\",\"image\":\"a.Report\"}]}");
    project.register();
    project.ecs("report", "a.Report");
    assertThat(project.register().registrations().get(0).id()).isEqualTo(ARN + "report:3");
    assertThat(project.aws.ecs().tags("report")).containsEntry("imagespec:definition", tag);
  }

  @Test
  void aHundredDefinitionsAreAskedForOnceEachAndOneFailureLosesNoOther() {
    IntStream.range(0, 100).forEach(i -> project.ecs("family-" + i, "a.Report"));
    project.definition(
        "ecs",
        "family-50.json",
        "{\"family\":\"a b\",\"containerDefinitions\":[{\"name\":\"x\",\"image\":\"a.Report\"}]}");
    Registration registration = project.register();
    assertThat(registration.registrations()).hasSize(99);
    assertThat(registration.failures())
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure.message())
                    .contains("family-50.json")
                    .contains("Family contains invalid characters")
                    .contains("Correct the file"));
    assertThat(project.aws.journal().count("DescribeTaskDefinition")).isEqualTo(100);
    assertThat(project.aws.journal().count("RegisterTaskDefinition")).isEqualTo(100);
    // Twenty at once, and then one a second: what Amazon ECS takes.
    assertThat(project.waits).hasSizeBetween(60, 80);

    project.aws.journal().clear();
    Registration second = project.register();
    assertThat(project.changes()).isEmpty();
    assertThat(second.registrations()).allMatch(each -> each.action() == Action.UNCHANGED);
  }

  @Test
  void whenAskedToSlowDownItTriesAgain() {
    project.ecs("report", "a.Report");
    project.aws.inject(Fault.throttle("DescribeTaskDefinition", 2));
    project.aws.inject(Fault.throttle("RegisterTaskDefinition", 2));
    assertThat(project.register().failures()).isEmpty();
    assertThat(project.aws.ecs().revisions("report")).isEqualTo(1);
  }

  @Test
  void aRoleThatWasMadeJustBeforeIsTriedAgain() {
    String role = "arn:aws:iam::123456789012:role/new";
    project.definition(
        "ecs",
        "report.json",
        """
        {"family": "report", "taskRoleArn": "%s",
         "containerDefinitions": [{"name": "main", "image": "a.Report"}]}
        """
            .formatted(role));
    project.aws.ecs().newRole(role, 2);
    assertThat(project.register().failures()).isEmpty();
    assertThat(project.waits).hasSize(2);
    project.file("content", "z");
    project.aws.ecs().newRole(role, 99);
    assertThat(project.register().failures())
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure.message())
                    .contains("Role is not valid")
                    .contains("ecs-tasks.amazonaws.com"));
    assertThat(project.waits).hasSize(6);
  }
}
