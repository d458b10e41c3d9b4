package dev.imagespec.registrar.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.TaskRegistrar.Action;
import dev.imagespec.runtime.TaskRegistrar.Context;
import dev.imagespec.testkit.Fault;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions of AWS Lambda. */
class LambdaTest {
  private static final String ARN = "arn:aws:lambda:us-east-1:123456789012:function:";

  @RegisterExtension final AwsProject project = new AwsProject();

  @Test
  void aFunctionIsCreatedOnceWithTheImageOfItsPlatform() {
    project.task("a.Report", "linux/amd64", "linux/arm64");
    project.lambda("report", "a.Report", ", \"Architectures\": [\"arm64\"]");
    Registration first = project.register();
    assertThat(first.failures()).isEmpty();
    Registration.Image image = first.images().get(0);
    Digest arm =
        image.digests().entrySet().stream()
            .filter(each -> each.getKey().toString().equals("linux/arm64"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();
    assertThat(image.reference()).as("an index").doesNotContain(arm.toString());
    assertThat(project.aws.lambda().image("report")).endsWith("@" + arm);
    assertThat(project.aws.lambda().configuration("report")).containsEntry("State", "Active");
    assertThat(first.registrations())
        .singleElement()
        .matches(each -> each.id().equals(ARN + "report"));
    assertThat(project.changes()).containsExactly("CreateFunction");
    assertThat(project.aws.lambda().tags("report")).containsOnlyKeys("imagespec:definition");

    project.aws.journal().clear();
    Registration second = project.register();
    assertThat(second.failures()).isEmpty();
    assertThat(second.registrations().get(0).action()).isEqualTo(Action.UNCHANGED);
    assertThat(project.changes()).isEmpty();
    assertThat(project.aws.journal().count("GetFunction")).isEqualTo(1);
    assertThat(project.plan().hasWork()).isFalse();
  }

  @Test
  void anotherImageIsPublishedAndTheAliasMoves() {
    project.settings.put("lambda-alias", "live");
    project.lambda("report", "a.Report", "");
    Registration first = project.register();
    assertThat(first.failures()).isEmpty();
    assertThat(first.registrations().get(0).id()).isEqualTo(ARN + "report:1");
    assertThat(project.aws.lambda().alias("report", "live")).hasValue("1");
    assertThat(project.changes()).containsExactly("CreateFunction", "CreateAlias");

    project.aws.journal().clear();
    Registration second = project.register();
    assertThat(second.failures()).isEmpty();
    assertThat(second.registrations().get(0))
        .matches(each -> each.action() == Action.UNCHANGED && each.id().equals(ARN + "report:1"));
    assertThat(project.changes()).isEmpty();

    project.file("content", "y");
    Plan plan = project.plan();
    assertThat(plan.definitions().get(0).changes())
        .anyMatch(line -> line.startsWith("Code.ImageUri: "))
        .contains("the alias live: version 1 → the new version");
    project.aws.journal().clear();
    assertThat(project.register().registrations().get(0).id()).isEqualTo(ARN + "report:2");
    assertThat(project.changes())
        .containsExactly("UpdateFunctionCode", "UpdateAlias", "TagResource");
    assertThat(project.aws.lambda().versions("report")).containsExactly("1", "2");
    assertThat(project.aws.lambda().alias("report", "live")).hasValue("2");
  }

  @Test
  void onlyWhatDiffersIsChangedAndAVersionHasIt() {
    project.lambda("report", "a.Report", ", \"Publish\": true, \"Timeout\": 30");
    project.register();
    project.lambda(
        "report",
        "a.Report",
        """
        , "Publish": true, "Timeout": 60, "MemorySize": 128,
        "Environment": {"Variables": {"TOKEN": "canary-value"}},
        "ImageConfig": {"Command": ["run"]}
        """);
    Plan plan = project.plan();
    assertThat(plan.definitions().get(0).changes())
        .contains("Timeout: 30 → 60")
        .noneMatch(line -> line.contains("MemorySize") || line.contains("canary"))
        .anyMatch(line -> line.startsWith("Environment"));
    project.aws.journal().clear();
    Registration registration = project.register();
    assertThat(registration.failures()).isEmpty();
    assertThat(project.changes())
        .containsExactly("UpdateFunctionConfiguration", "PublishVersion", "TagResource");
    assertThat(
            project.aws.journal().entries().stream()
                .filter(each -> each.operation().equals("UpdateFunctionConfiguration"))
                .findFirst()
                .orElseThrow()
                .body())
        .contains("\"Timeout\":60", "\"Command\":[\"run\"]")
        .doesNotContain("MemorySize", "Role");
    assertThat(registration.registrations().get(0).id()).isEqualTo(ARN + "report:2");
    assertThat(project.aws.lambda().configuration("report")).containsEntry("Timeout", 60L);

    project.aws.journal().clear();
    project.register();
    assertThat(project.changes()).isEmpty();
  }

  @Test
  void aVariableThatIsTakenAwayIsGone() {
    project.lambda(
        "report", "a.Report", ", \"Environment\": {\"Variables\": {\"A\": \"1\", \"B\": \"2\"}}");
    project.register();
    project.lambda("report", "a.Report", ", \"Environment\": {\"Variables\": {\"A\": \"1\"}}");
    assertThat(project.plan().hasWork()).isTrue();
    Registration second = project.register();
    assertThat(second.registrations().get(0).action()).isEqualTo(Action.REGISTERED);
    assertThat(project.aws.lambda().configuration("report").get("Environment"))
        .hasToString("{Variables={A=1}}");
  }

  @Test
  void whatTheFileDoesNotSayStaysAsItIs() {
    project.lambda("report", "a.Report", ", \"Timeout\": 30");
    project.register();
    project.lambda("report", "a.Report", "");
    project.register();
    assertThat(project.aws.lambda().configuration("report")).containsEntry("Timeout", 30L);
  }

  @Test
  void aFunctionOfAnArchiveIsLeftAsItIs() {
    project.aws.lambda().zipFunction("report");
    project.lambda("report", "a.Report", "");
    assertThat(project.register().failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.message()).contains("aws lambda delete-function"));
    assertThat(project.changes()).isEmpty();
  }

  @Test
  void whatLambdaCannotChangeIsTold() {
    project.lambda("report", "a.Report", "");
    project.register();
    project.lambda(
        "report", "a.Report", ", \"TenancyConfig\": {\"TenantIsolationMode\": \"PER_TENANT\"}");
    project.aws.journal().clear();
    assertThat(project.register().failures().get(0).message())
        .contains("is there with another TenancyConfig, which Lambda cannot change")
        .contains("give this function another name");
    assertThat(project.changes()).isEmpty();
  }

  @Test
  void aChangeByHandOfWhatTheFileSaysIsUndone() {
    project.lambda("report", "a.Report", ", \"Timeout\": 30");
    project.register();
    project.aws.lambda().configuration("report").put("Timeout", 5);
    assertThat(project.plan().definitions().get(0).changes()).containsExactly("Timeout: 5 → 30");
    project.register();
    assertThat(project.aws.lambda().configuration("report")).containsEntry("Timeout", 30L);
  }

  @Test
  void aTagIsAddedWithoutAnyOtherChange() {
    project.lambda("report", "a.Report", "");
    project.register();
    project.lambda("report", "a.Report", ", \"Tags\": {\"team\": \"a\"}");
    project.aws.journal().clear();
    project.register();
    assertThat(project.changes()).containsExactly("TagResource");
    assertThat(project.aws.lambda().tags("report")).containsEntry("team", "a");
  }

  @Test
  void whyAFunctionCannotRunIsTold() {
    project.aws.lambda().failNext("The image has no entry point");
    project.lambda("report", "a.Report", "");
    assertThat(project.register().failures().get(0).message())
        .contains("The image has no entry point")
        .contains("aws lambda delete-function");
  }

  @Test
  void anAliasStaysWhereItIsIfAChangeFails() {
    project.settings.put("lambda-alias", "live");
    project.lambda("report", "a.Report", "");
    project.register();
    project.file("content", "y");
    project.aws.lambda().failNext("The image cannot be pulled");
    assertThat(project.register().failures().get(0).message())
        .contains("The image cannot be pulled")
        .contains("runs what it ran before");
    assertThat(project.aws.lambda().alias("report", "live")).hasValue("1");
  }

  @Test
  void aChangeByAnotherAtTheSameTimeIsTold() {
    project.lambda("report", "a.Report", "");
    project.register();
    project.file("content", "y");
    project.aws.inject(
        Fault.first("UpdateFunctionCode", () -> project.aws.lambda().touch("report")));
    assertThat(project.register().failures().get(0).message())
        .contains("was changed by somebody else at the same time")
        .contains("Register again");
    assertThat(project.register().failures()).isEmpty();
  }

  @Test
  void aRoleThatWasMadeJustBeforeIsTriedAgain() {
    project.aws.lambda().newRole("arn:aws:iam::123456789012:role/run", 3);
    project.lambda("report", "a.Report", "");
    assertThat(project.register().failures()).isEmpty();
    assertThat(project.waits).contains(java.time.Duration.ofSeconds(4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ", \"Handler\": \"x\" | has no Handler",
        ", \"Layers\": [\"x\"] | has no Layers",
        ", \"PackageType\": \"Zip\" | PackageType Image",
        ", \"Architectures\": [\"arm64\"] | the image of a.Report is for linux/amd64",
        ", \"Architectures\": [\"x86_64\", \"arm64\"] | one architecture",
        ", \"Publish\": false | an alias names a published version",
        ", \"Tags\": {\"imagespec:definition\": \"x\"} | is set by the registration",
        ", \"Timeouts\": 3 | has no field Timeouts; did you mean Timeout?"
      })
  void whatLambdaWouldRefuseIsToldBeforeTheFirstRequest(String more, String message) {
    project.settings.put("lambda-alias", "live");
    project.lambda("report", "a.Report", more);
    assertThatThrownBy(project::register)
        .hasMessageContaining("report.json, line ")
        .hasMessageContaining(message);
    assertThat(project.aws.journal().entries()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"us-east-1", "eu-west-1"})
  void theImageIsInAmazonEcrAndInTheFunctionsRegion(String region) {
    System.clearProperty("aws.endpointUrl");
    System.setProperty("aws.endpointUrlEcr", project.aws.endpoint().toString());
    project.settings.put("region", region);
    project.lambda("report", "a.Report", "");
    assertThatThrownBy(project::register)
        .hasMessageContaining("report.json, line 4")
        .hasMessageContaining("a private registry of Amazon ECR only");
    assertThat(project.aws.journal().entries()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"us-east-1, true", "eu-west-1, false"})
  void anImageInAnotherRegionIsNoneForTheFunction(String region, boolean wrong) {
    System.clearProperty("aws.endpointUrl");
    project.settings.put("region", region);
    Context context =
        project.context(
            List.of(project.lambda("report", "a.Report", "")),
            List.of(project.task("a.Report")),
            Map.of(
                "a.Report",
                new Repository(
                    Registry.parse("123456789012.dkr.ecr.eu-west-1.amazonaws.com"),
                    new RepositoryName("team/report"))));
    if (wrong) {
      assertThatThrownBy(() -> project.awsRegistrar().check(context))
          .hasMessageContaining("report.json, line 4")
          .hasMessageContaining("the function is in us-east-1")
          .hasMessageContaining("the image of a.Report goes to eu-west-1");
    } else {
      project.awsRegistrar().check(context);
    }
    assertThat(project.aws.journal().entries()).isEmpty();
  }

  @Test
  void noIndexIsSent() {
    project.task("a.Report", "linux/amd64", "linux/arm64");
    project.lambda("report", "a.Report", "");
    Registration registration = project.register();
    assertThat(registration.failures()).isEmpty();
    String index = registration.tasks().getOrDefault("a.Report", "");
    assertThat(project.aws.journal().entries())
        .filteredOn(entry -> entry.operation().equals("CreateFunction"))
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry.body())
                    .contains("sha256:")
                    .doesNotContain(index.substring(index.indexOf('@'))));
    assertThat(List.of(project.aws.lambda().image("report")))
        .noneMatch(image -> image.equals(index));
  }
}
