package dev.imagespec.registrar.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong in a file or a setting is told before the first request, with its place. */
class AwsDefinitionsTest {
  @RegisterExtension final AwsProject project = new AwsProject();

  private void assertWrong(String... parts) {
    assertThatThrownBy(project::register)
        .isInstanceOf(ImageSpecException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    assertThat(project.aws.journal().entries()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "memry: 512 | line 5, column 12: ContainerDefinition has no field memry; did you mean memory?",
        "Memory: 512 | ContainerDefinition has no field Memory; did you mean memory?",
        "nonsense: 1 | --generate-cli-skeleton` shows all fields",
        "memory: '512' | line 5, column 13: this must be a whole number, and is a text",
        "memory: 5.5 | this must be a whole number, and is a number",
        "memory: 99999999999 | this must be a whole number",
        "essential: 'yes' | this must be true or false, and is a text",
        "command: run | this must be a list, and is a text",
        "command: [1] | this must be a text, and is a whole number; put it in quotes",
        "healthCheck: [] | this must be an object, a HealthCheck, and is a list",
        "dockerLabels: [a] | this must be an object of names and values, and is a list",
        "dockerLabels: {a: 1} | line 5, column 23: this must be a text",
        "memory: | memory has no value; leave it out",
        "portMappings: [{containerPort: 80, protocol: TCP}] | protocol cannot be TCP; did you mean tcp?",
        "portMappings: [{containerPort: 80, protocol: tpc}] | protocol cannot be tpc; did you mean"
      })
  void aFieldOfAContainer(String field, String message) {
    project.definition(
        "ecs",
        "report.yaml",
        "family: report\ncontainerDefinitions:\n  - name: main\n    image: a.Report\n    "
            + field
            + "\n");
    assertWrong("report.yaml, line ", message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "requiresCompatibilities: [fargate] | cannot be fargate; did you mean FARGATE?",
        "networkMode: awsvcp | did you mean awsvpc?",
        "runtimePlatform: {cpuArchitecture: x86_64} | did you mean X86_64?",
        "Family: x | RegisterTaskDefinition has no field Family; did you mean family?",
        "tags: [{key: 'imagespec:definition', value: x}] | is set by the registration; leave it out"
      })
  void aFieldOfATaskDefinition(String field, String message) {
    project.definition(
        "ecs",
        "report.yaml",
        "family: report\ncontainerDefinitions: [{name: main, image: a.Report}]\n" + field + "\n");
    assertWrong("report.yaml, line 3, column ", message);
  }

  @Test
  void aValueThatIsNewerThanThisReleaseIsTheServicesToJudge() {
    project.definition(
        "ecs",
        "report.yaml",
        "family: report\ncontainerDefinitions: [{name: main, image: a.Report}]\n"
            + "runtimePlatform: {operatingSystemFamily: WINDOWS_SERVER_2028_CORE}\n");
    // The embedded service takes only what it knows.
    assertThat(project.register().failures().get(0).message()).contains("WINDOWS_SERVER_2028_CORE");
  }

  @Test
  void aNameThatIsNoTask() {
    project.ecs("report", "a.Repot");
    assertWrong("line 4", "a.Repot", "is no task; did you mean a.Report?");
  }

  @Test
  void aFileWithoutATask() {
    project.ecs("report", "nginx");
    assertWrong("report.json", "no task is named");
  }

  @Test
  void anImageElsewhereIsNoPlaceOfOne() {
    project.definition(
        "ecs",
        "report.yaml",
        "family: a.Report\ncontainerDefinitions: [{name: image, image: nginx}]\n");
    assertWrong("no task is named");
  }

  @Test
  void whatIsMissing() {
    project.definition(
        "ecs", "report.yaml", "containerDefinitions: [{name: main, image: a.Report}]\n");
    assertWrong("`aws ecs register-task-definition` needs family, which is missing");
  }

  @Test
  void twoFilesOfOneName() {
    project.ecs("report", "a.Report");
    project.definition(
        "ecs",
        "other.yaml",
        "family: report\ncontainerDefinitions: [{name: main, image: a.Report}]\n");
    assertWrong("other.yaml, line 1", "deploy/report.json has the family report, too");
  }

  @Test
  void theSameNameInTwoServicesIsNoCollision() {
    project.ecs("report", "a.Report");
    project.batch("report", "a.Report");
    assertThat(project.register().failures()).isEmpty();
  }

  @Test
  void moreTagsThanAwsTakes() {
    project.definition(
        "batch",
        "job.yaml",
        "jobDefinitionName: job\ntype: container\ncontainerProperties: {image: a.Report}\ntags: {"
            + IntStream.range(0, 50)
                .mapToObj(i -> "t" + i + ": v")
                .collect(Collectors.joining(", "))
            + "}\n");
    assertWrong("line 4", "there are 50 tags, and 49 can be given");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "region | us-eat-1 | did you mean us-east-1?",
        "region | moon | must be a region of AWS",
        "role | deploy | must be the ARN of a role",
        "external-id | x | set imagespec.aws.role, too",
        "lambda-alias | 1 | must be the name of an alias"
      })
  void aSetting(String name, String value, String message) {
    project.settings.put(name, value);
    project.ecs("report", "a.Report");
    assertThatThrownBy(project::register)
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_SETTING))
        .hasMessageContaining("imagespec.aws." + name)
        .hasMessageContaining(message);
    assertThat(project.aws.journal().entries()).isEmpty();
  }

  @Test
  void aRegionThatIsNewIsTaken() {
    project.settings.put("region", "us-moon-7");
    project.ecs("report", "a.Report");
    assertThat(project.register().failures().get(0).message()).contains("another region's");
  }
}
