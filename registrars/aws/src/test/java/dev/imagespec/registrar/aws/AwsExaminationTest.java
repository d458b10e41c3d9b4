package dev.imagespec.registrar.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.runtime.Definition;
import dev.imagespec.runtime.Diagnosis;
import dev.imagespec.runtime.Diagnosis.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the doctor finds out, without changing anything. */
class AwsExaminationTest {
  @RegisterExtension final AwsProject project = new AwsProject();

  private Diagnosis examine(String... kinds) {
    List<Definition> definitions =
        java.util.Arrays.stream(kinds).map(kind -> new Definition(kind, Path.of(kind))).toList();
    return project.awsRegistrar().examine(project.context(definitions, List.of(), Map.of()));
  }

  @Test
  void whoHasNoDefinitionsIsNotAsked() {
    assertThat(examine().findings()).isEmpty();
    assertThat(project.aws.journal().entries()).isEmpty();
  }

  @Test
  void onlyWhatIsConfiguredIsExamined() {
    Diagnosis diagnosis = examine("ecs", "batch");
    assertThat(diagnosis.isHealthy()).isTrue();
    assertThat(diagnosis.missingPolicies()).isEmpty();
    assertThat(diagnosis.findings())
        .extracting(finding -> finding.subject() + " " + finding.status())
        .contains(
            "ecs:DescribeTaskDefinition ok",
            "ecs:RegisterTaskDefinition not probed",
            "batch:DescribeJobDefinitions ok")
        .containsOnlyOnce("iam:PassRole not probed")
        .noneMatch(text -> text.startsWith("lambda:"));
    assertThat(diagnosis.findings())
        .anyMatch(
            finding ->
                finding.check().equals("identity") && finding.message().startsWith("arn:aws:iam"));
    assertThat(project.changes()).isEmpty();
  }

  @Test
  void withoutARegionNothingIsAsked() {
    System.clearProperty("aws.region");
    withoutFiles();
    assertThat(examine("ecs").findings())
        .singleElement()
        .matches(finding -> finding.status() == Status.FAILED)
        .matches(finding -> finding.message().contains("set AWS_REGION or imagespec.aws.region"));
    assertThat(project.aws.journal().entries()).isEmpty();
  }

  @Test
  void missingCredentialsAreToldWithTheWaysToGetSome() {
    System.clearProperty("aws.accessKeyId");
    withoutFiles();
    assertThat(examine("ecs", "batch").findings())
        .filteredOn(finding -> finding.status() == Status.FAILED)
        .singleElement()
        .matches(finding -> finding.check().equals("credentials"))
        .matches(finding -> finding.message().contains("There are no AWS credentials"))
        .matches(finding -> finding.message().contains("aws sso login"));
    assertThat(project.aws.journal().entries()).isEmpty();
  }

  /** Whatever this machine has is not meant. */
  private void withoutFiles() {
    System.setProperty("aws.disableEc2Metadata", "true");
    System.setProperty("aws.configFile", project.dir.resolve("none").toString());
    System.setProperty("aws.sharedCredentialsFile", project.dir.resolve("none").toString());
  }

  @Test
  void aFunctionThatIsNotThereIsAnAnswer() {
    assertThat(examine("lambda").findings())
        .filteredOn(finding -> finding.subject().equals("lambda:GetFunction"))
        .singleElement()
        .matches(finding -> finding.status() == Status.OK);
  }

  @Test
  void aMissingPermissionComesWithThePolicyForAllThatIsConfigured() {
    project.aws.deny("batch:DescribeJobDefinitions");
    project.settings.put("lambda-alias", "live");
    Diagnosis diagnosis = examine("ecs", "batch", "lambda");
    assertThat(diagnosis.isHealthy()).isFalse();
    assertThat(diagnosis.missingPolicies())
        .hasEntrySatisfying(
            "aws in us-east-1",
            policy ->
                assertThat(policy)
                    .contains("ecs:RegisterTaskDefinition")
                    .contains("batch:DescribeJobDefinitions")
                    .contains("lambda:UpdateAlias")
                    .contains("ecr:SetRepositoryPolicy")
                    .contains("iam:PassRole"));
  }
}
