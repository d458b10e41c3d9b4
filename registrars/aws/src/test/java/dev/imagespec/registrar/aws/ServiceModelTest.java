package dev.imagespec.registrar.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.testkit.Journal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.services.batch.model.RegisterJobDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;

/** What is sent, and what files may say, as the AWS CLI's own models have it. */
class ServiceModelTest {
  @RegisterExtension final AwsProject project = new AwsProject();

  @Test
  void eachRequestIsOneThatTheServiceTakes() throws IOException {
    Map<String, ServiceModel> models =
        Map.of(
            "ecs", ServiceModel.of("ecs", "2014-11-13"),
            "batch", ServiceModel.of("batch", "2016-08-10"),
            "lambda", ServiceModel.of("lambda", "2015-03-31"));
    project.settings.put("lambda-alias", "live");
    definitions("512");
    assertThat(project.register().failures()).isEmpty();
    project.file("content", "y");
    definitions("1024");
    assertThat(project.register().failures()).isEmpty();
    definitions("2048");
    assertThat(project.register().failures()).isEmpty();

    List<String> problems = new ArrayList<>();
    Set<String> checked = new HashSet<>();
    for (Journal.Entry entry : project.aws.journal().entries()) {
      String service = serviceOf(entry.operation());
      ServiceModel model = models.get(service);
      if (model != null) {
        checked.add(entry.operation());
        model
            .check(entry.operation(), entry.body())
            .forEach(problem -> problems.add(service + ": " + problem));
      }
    }
    assertThat(problems).isEmpty();
    assertThat(checked)
        .containsExactlyInAnyOrder(
            "DescribeTaskDefinition",
            "RegisterTaskDefinition",
            "DescribeJobDefinitions",
            "RegisterJobDefinition",
            "GetFunction",
            "CreateFunction",
            "UpdateFunctionConfiguration",
            "UpdateFunctionCode",
            "PublishVersion",
            "GetAlias",
            "CreateAlias",
            "UpdateAlias",
            "TagResource");
  }

  private static String serviceOf(String operation) {
    if (operation.endsWith("TaskDefinition")) {
      return "ecs";
    }
    if (operation.contains("JobDefinition")) {
      return "batch";
    }
    return operation.matches(".*(Function|Alias|Version).*|TagResource|UpdateFunction.*")
        ? "lambda"
        : "none";
  }

  private void definitions(String memory) {
    project.definition(
        "ecs",
        "all.json",
        """
        {
          "family": "all",
          "taskRoleArn": "arn:aws:iam::123456789012:role/task",
          "executionRoleArn": "arn:aws:iam::123456789012:role/execution",
          "networkMode": "awsvpc",
          "requiresCompatibilities": ["FARGATE"],
          "cpu": "256",
          "memory": "%s",
          "ephemeralStorage": {"sizeInGiB": 21},
          "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
          "volumes": [{"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1",
            "transitEncryption": "ENABLED", "authorizationConfig": {"iam": "ENABLED"}}}],
          "tags": [{"key": "team", "value": "a"}],
          "containerDefinitions": [
            {"name": "main", "image": "a.Report", "essential": true,
             "command": ["run", "all"],
             "environment": [{"name": "MODE", "value": "fast"}],
             "secrets": [{"name": "TOKEN", "valueFrom": "arn:aws:ssm:us-east-1:123456789012:parameter/t"}],
             "portMappings": [{"containerPort": 8080, "protocol": "tcp"}],
             "dependsOn": [{"containerName": "side", "condition": "START"}],
             "healthCheck": {"command": ["CMD", "true"], "retries": 3},
             "dockerLabels": {"a": "b"},
             "mountPoints": [{"sourceVolume": "data", "containerPath": "/data", "readOnly": true}],
             "linuxParameters": {"initProcessEnabled": true, "capabilities": {"drop": ["ALL"]}},
             "ulimits": [{"name": "nofile", "softLimit": 1024, "hardLimit": 2048}],
             "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "g"}}},
            {"name": "side", "image": "busybox", "essential": false}
          ]
        }
        """
            .formatted(memory));
    project.definition(
        "batch",
        "all-job.json",
        """
        {
          "jobDefinitionName": "all",
          "type": "container",
          "parameters": {"day": "monday"},
          "schedulingPriority": 1,
          "platformCapabilities": ["FARGATE"],
          "propagateTags": true,
          "tags": {"team": "a"},
          "retryStrategy": {"attempts": 3, "evaluateOnExit": [
            {"onStatusReason": "Host EC2*", "action": "RETRY"}]},
          "timeout": {"attemptDurationSeconds": 600},
          "containerProperties": {
            "image": "a.Report",
            "command": ["run", "Ref::day"],
            "jobRoleArn": "arn:aws:iam::123456789012:role/job",
            "executionRoleArn": "arn:aws:iam::123456789012:role/execution",
            "environment": [{"name": "MODE", "value": "fast"}],
            "resourceRequirements": [{"type": "VCPU", "value": "1"},
              {"type": "MEMORY", "value": "%s"}],
            "networkConfiguration": {"assignPublicIp": "ENABLED"},
            "fargatePlatformConfiguration": {"platformVersion": "LATEST"},
            "logConfiguration": {"logDriver": "awslogs"}
          }
        }
        """
            .formatted(memory));
    project.lambda(
        "all-function",
        "a.Report",
        """
        ,
        "Description": "all", "Timeout": 30, "MemorySize": %s,
        "Environment": {"Variables": {"MODE": "fast"}},
        "VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
        "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"},
        "TracingConfig": {"Mode": "Active"},
        "EphemeralStorage": {"Size": 1024},
        "ImageConfig": {"Command": ["run"], "WorkingDirectory": "/work"},
        "LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": "INFO"},
        "Tags": {"team": "a"}
        """
            .formatted(memory));
  }

  @ParameterizedTest
  @CsvSource({
    "ecs, 2014-11-13, RegisterTaskDefinition",
    "batch, 2016-08-10, RegisterJobDefinition",
    "lambda, 2015-03-31, CreateFunction"
  })
  void aFilesFieldsAreCalledAsTheAwsCliCallsThem(String service, String version, String operation)
      throws IOException {
    SdkPojo request =
        switch (service) {
          case "ecs" -> RegisterTaskDefinitionRequest.builder();
          case "batch" -> RegisterJobDefinitionRequest.builder();
          default -> CreateFunctionRequest.builder();
        };
    ServiceModel model = ServiceModel.of(service, version);
    Map<String, String> differing = new TreeMap<>();
    Set<String> same = new HashSet<>();
    compare(model, model.input(operation), request, differing, same, new HashSet<>());
    assertThat(differing).as("fields that only differ in case").isEmpty();
    assertThat(same).as("fields of the same name").hasSizeGreaterThan(30);
  }

  private static void compare(
      ServiceModel model,
      String shape,
      SdkPojo builder,
      Map<String, String> differing,
      Set<String> same,
      Set<String> seen) {
    if (!seen.add(shape)) {
      return;
    }
    Map<String, String> members = model.members(shape);
    for (SdkField<?> field : builder.sdkFields()) {
      String name = field.memberName();
      members.keySet().stream()
          .filter(other -> other.equalsIgnoreCase(name) && !other.equals(name))
          .forEach(other -> differing.put(shape + "." + name, other));
      if (members.containsKey(name)) {
        same.add(shape + "." + name);
        SdkField<?> element = element(field);
        if (element.constructor() != null) {
          compare(
              model,
              model.element(members.get(name)),
              element.constructor().get(),
              differing,
              same,
              seen);
        }
      }
    }
  }

  private static SdkField<?> element(SdkField<?> field) {
    return switch (field.marshallingType().getKnownType()) {
      case LIST -> element(field.getTrait(ListTrait.class).memberFieldInfo());
      case MAP -> element(field.getTrait(MapTrait.class).valueFieldInfo());
      default -> field;
    };
  }
}
