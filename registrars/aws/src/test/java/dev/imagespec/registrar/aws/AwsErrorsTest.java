package dev.imagespec.registrar.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.json.Json;
import dev.imagespec.runtime.Failure;
import dev.imagespec.runtime.Registration;
import dev.imagespec.testkit.Fault;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the services answer, and what is said of it: each with the next step. */
class AwsErrorsTest {
  @RegisterExtension final AwsProject project = new AwsProject();

  private String failure() {
    Registration registration = project.register();
    assertThat(registration.tasks()).as("the image is there anyway").hasSize(1);
    List<Failure> failures = registration.failures();
    assertThat(failures).hasSize(1);
    return failures.get(0).message();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ecs | RegisterTaskDefinition | 400 | ExpiredTokenException | expired | aws sso login",
        "ecs | RegisterTaskDefinition | 400 | ClientException | Too many containers. | Correct the file",
        "ecs | DescribeTaskDefinition | 400 | UnrecognizedClientException | no | check AWS_PROFILE",
        "ecs | DescribeTaskDefinition | 400 | InvalidSignatureException | Credential should be scoped"
            + " to a valid region. | imagespec.aws.region",
        "ecs | DescribeTaskDefinition | 400 | ThrottlingException | Rate exceeded | Register again later",
        "ecs | DescribeTaskDefinition | 500 | ServerException | oops | Register again later",
        "batch | RegisterJobDefinition | 400 | ClientException | bad name | Correct the file",
        "batch | DescribeJobDefinitions | 403 | ExpiredTokenException | expired | aws sso login",
        "lambda | CreateFunction | 400 | CodeStorageExceededException | full | AWS Service Quotas",
        "lambda | CreateFunction | 409 | ResourceConflictException | exists | Register again",
        "lambda | CreateFunction | 403 | AccessDeniedException | Lambda does not have permission to"
            + " access the ECR image. Check the ECR permissions. | ecr:SetRepositoryPolicy",
        "lambda | CreateFunction | 502 | KMSAccessDeniedException | no | KMS key",
        "lambda | GetFunction | 429 | TooManyRequestsException | Rate exceeded | Register again later"
      })
  void anAnswer(
      String kind, String operation, int status, String code, String said, String nextStep) {
    switch (kind) {
      case "ecs" -> project.ecs("report", "a.Report");
      case "batch" -> project.batch("report", "a.Report");
      default -> project.lambda("report", "a.Report", "");
    }
    project.aws.inject(
        Fault.respond(
            operation,
            99,
            status,
            Json.canonical(Map.of("__type", code, "message", said)),
            Map.of("x-amzn-ErrorType", code)));
    assertThat(failure()).contains(nextStep).contains("report");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ecs:DescribeTaskDefinition | `\"Action\":\"ecs:DescribeTaskDefinition\",\"Resource\":\"*\"`",
        "ecs:RegisterTaskDefinition"
            + " | `\"Action\":[\"ecs:RegisterTaskDefinition\",\"ecs:TagResource\"]`",
        "iam:PassRole | `\"Action\":\"iam:PassRole\",\"Resource\":"
            + "\"arn:aws:iam::123456789012:role/run\"`",
        "batch:RegisterJobDefinition"
            + " | `\"Action\":[\"batch:RegisterJobDefinition\",\"batch:TagResource\"]`",
        "lambda:GetFunction | `\"Action\":\"lambda:GetFunction\"`",
        "lambda:CreateFunction | `\"lambda:UpdateFunctionCode\",\"lambda:TagResource\"`"
      })
  void aMissingPermissionIsToldWithThePolicyThatAllowsIt(String action, String policy) {
    switch (action.substring(0, action.indexOf(':'))) {
      case "batch" -> project.batch("report", "a.Report");
      case "lambda" -> project.lambda("report", "a.Report", "");
      default ->
          project.definition(
              "ecs",
              "report.yaml",
              "family: report\nexecutionRoleArn: arn:aws:iam::123456789012:role/run\n"
                  + "containerDefinitions: [{name: main, image: a.Report}]\n");
    }
    project.aws.deny(action);
    assertThat(failure())
        .contains("lacks " + action)
        .contains("Attach this policy: ")
        .contains(policy);
    assertThat(project.changes()).isEmpty();
  }

  @Test
  void anExplicitDenialCannotBeAllowed() {
    project.ecs("report", "a.Report");
    String said =
        "User: x is not authorized to perform: ecs:RegisterTaskDefinition on resource: * with an"
            + " explicit deny in a service control policy";
    project.aws.inject(
        Fault.respond(
            "RegisterTaskDefinition",
            1,
            400,
            Json.canonical(Map.of("__type", "AccessDeniedException", "message", said)),
            Map.of()));
    assertThat(failure()).contains("no other policy can allow it").doesNotContain("Attach");
  }

  @Test
  void anAddressThatNobodyAnswersAtIsTold() {
    project.ecs("report", "a.Report");
    System.setProperty("aws.endpointUrlEcs", "http://127.0.0.1:9");
    assertThat(failure())
        .contains("The API of Amazon ECS for the task definition report cannot be reached")
        .contains("AWS_ENDPOINT_URL_ECS");
  }

  @Test
  void missingCredentialsAreOneFailureAndNotOneADefinition() {
    project.ecs("one", "a.Report");
    project.ecs("two", "a.Report");
    project.settings.put("role", "arn:aws:iam::123456789012:role/other");
    String failure = failure();
    assertThat(failure)
        .contains("lacks sts:AssumeRole")
        .contains("\"Resource\":\"arn:aws:iam::123456789012:role/other\"")
        .contains("imagespec.aws.external-id");
    assertThat(project.aws.journal().count("DescribeTaskDefinition")).isZero();
  }

  @Test
  void aRoleIsAssumedWithItsExternalId() {
    project.ecs("report", "a.Report");
    project.aws.trust("arn:aws:iam::123456789012:role/other", "id-42");
    project.settings.put("role", "arn:aws:iam::123456789012:role/other");
    project.settings.put("external-id", "id-42");
    assertThat(project.register().failures()).isEmpty();
    assertThat(project.aws.journal().count("AssumeRole")).isEqualTo(1);
  }

  @Test
  void theAddressOfOneServiceIsItsOwn() {
    String here = project.aws.endpoint().toString();
    System.setProperty("aws.endpointUrl", "http://127.0.0.1:9");
    for (String service : List.of("Ecr", "Ecs", "Batch", "Lambda")) {
      System.setProperty("aws.endpointUrl" + service, here);
    }
    project.ecs("one", "a.Report");
    project.batch("two", "a.Report");
    project.lambda("three", "a.Report", "");
    assertThat(project.register().registrations()).hasSize(3);
  }
}
