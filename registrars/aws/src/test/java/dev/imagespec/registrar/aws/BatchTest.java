package dev.imagespec.registrar.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.TaskRegistrar.Action;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Job definitions of AWS Batch. */
class BatchTest {
  private static final String ARN = "arn:aws:batch:us-east-1:123456789012:job-definition/";

  @RegisterExtension final AwsProject project = new AwsProject();

  @Test
  void aJobRunsInTheImageAndASecondRunRegistersNothing() {
    project.batch("nightly", "a.Report");
    Registration first = project.register();
    assertThat(first.failures()).isEmpty();
    assertThat(first.registrations().get(0).id()).isEqualTo(ARN + "nightly:1");
    JsonNode there = AwsProject.tree(project.aws.batch().newest("nightly"));
    assertThat(there.at("/containerProperties/image").asText())
        .isEqualTo(first.tasks().get("a.Report"));
    assertThat(there.path("tags").fieldNames())
        .toIterable()
        .containsExactly("imagespec:definition");

    project.aws.journal().clear();
    Registration second = project.register();
    assertThat(second.registrations())
        .singleElement()
        .matches(each -> each.action() == Action.UNCHANGED && each.id().equals(ARN + "nightly:1"));
    assertThat(project.changes()).isEmpty();
    assertThat(project.aws.journal().count("DescribeJobDefinitions")).isEqualTo(1);
  }

  @Test
  void theNewestOfManyRevisionsCounts() {
    for (int i = 0; i < 8; i++) {
      project.file("content", "content " + i);
      project.batch("nightly", "a.Report");
      project.register();
    }
    assertThat(project.aws.batch().revisions("nightly")).isEqualTo(8);
    project.aws.journal().clear();
    assertThat(project.register().registrations().get(0).id()).isEqualTo(ARN + "nightly:8");
    assertThat(project.aws.journal().count("DescribeJobDefinitions")).as("pages").isEqualTo(3);
    project.aws.batch().deregister("nightly", 8);
    assertThat(project.register().registrations().get(0).id()).isEqualTo(ARN + "nightly:9");
  }

  @Test
  void aTagOfTheUserIsKeptAndAChangeIsShown() {
    project.batch("nightly", "a.Report");
    project.register();
    project.definition(
        "batch",
        "nightly.yaml",
        """
        jobDefinitionName: nightly
        type: container
        tags: {team: a}
        timeout: {attemptDurationSeconds: 600}
        containerProperties: {image: a.Report}
        """);
    assertThat(project.plan().definitions().get(0).changes())
        .contains("tags.team: \"a\" is added")
        .anyMatch(line -> line.startsWith("timeout"));
    project.register();
    assertThat(AwsProject.tree(project.aws.batch().newest("nightly")).path("tags")).hasSize(2);
  }

  @Test
  void whatToDoWithAFailedJobMayBeWrittenInSmallLetters() {
    project.definition(
        "batch",
        "job.yaml",
        """
        jobDefinitionName: job
        type: container
        containerProperties: {image: a.Report}
        retryStrategy: {attempts: 2, evaluateOnExit: [{onExitCode: "1", action: retry}]}
        """);
    assertThat(project.register().failures()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{containerProperties: {image: a.Report}}",
        "{ecsProperties: {taskProperties: [{containers: [{image: a.Report}]}]}}",
        "{eksProperties: {podProperties: {containers: [{image: a.Report}]}}}",
        "{eksProperties: {podProperties: {containers: [{image: busybox}],"
            + " initContainers: [{image: a.Report}]}}}",
        "{nodeProperties: {mainNode: 0, numNodes: 1, nodeRangeProperties:"
            + " [{targetNodes: '0:', container: {image: a.Report}}]}}",
        "{nodeProperties: {mainNode: 0, numNodes: 1, nodeRangeProperties: [{targetNodes: '0:',"
            + " ecsProperties: {taskProperties: [{containers: [{image: a.Report}]}]}}]}}",
        "{nodeProperties: {mainNode: 0, numNodes: 1, nodeRangeProperties: [{targetNodes: '0:',"
            + " eksProperties: {podProperties: {containers: [{image: a.Report}]}}}]}}"
      })
  void eachPlaceOfAnImageIsFound(String properties) {
    project.definition(
        "batch",
        "job.yaml",
        "{jobDefinitionName: job, type: container, " + properties.substring(1));
    Registration registration = project.register();
    assertThat(registration.failures()).isEmpty();
    assertThat(project.aws.batch().newest("job").toString())
        .contains(registration.tasks().getOrDefault("a.Report", "none"))
        .doesNotContain("a.Report,");
    assertThat(project.changes()).isEqualTo(List.of("RegisterJobDefinition"));
  }
}
