package dev.imagespec.registrar.aws;

import dev.imagespec.runtime.aws.AwsErrors;
import java.util.List;
import java.util.regex.Pattern;

/** A service that takes definitions. */
@SuppressWarnings("ImmutableEnumChecker") // its lists are
enum Service {
  ECS(
      "ecs",
      "Amazon ECS",
      "AWS_ENDPOINT_URL_ECS",
      "ecs register-task-definition",
      List.of("family", "containerDefinitions"),
      "/containerDefinitions/\\d+/image",
      1,
      20,
      List.of("ecs:DescribeTaskDefinition"),
      List.of("ecs:RegisterTaskDefinition", "ecs:TagResource")),
  BATCH(
      "batch",
      "AWS Batch",
      "AWS_ENDPOINT_URL_BATCH",
      "batch register-job-definition",
      List.of("jobDefinitionName", "type"),
      "(?:/nodeProperties/nodeRangeProperties/\\d+)?"
          + "(?:/containerProperties|/container|/ecsProperties/taskProperties/\\d+/containers/\\d+"
          + "|/eksProperties/podProperties/(?:initContainers|containers)/\\d+)/image",
      10,
      20,
      List.of("batch:DescribeJobDefinitions"),
      List.of("batch:RegisterJobDefinition", "batch:TagResource")),
  LAMBDA(
      "lambda",
      "AWS Lambda",
      "AWS_ENDPOINT_URL_LAMBDA",
      "lambda create-function",
      List.of("FunctionName", "Role", "Code"),
      "/Code/ImageUri",
      15,
      15,
      List.of("lambda:GetFunction"),
      List.of(
          "lambda:CreateFunction",
          "lambda:UpdateFunctionConfiguration",
          "lambda:UpdateFunctionCode",
          "lambda:TagResource"));

  private final String kind;
  private final String title;
  private final String endpoint;
  private final String command;
  private final List<String> required;
  private final Pattern image;
  private final double perSecond;
  private final int burst;
  private final List<String> reads;
  private final List<String> writes;

  Service(
      String kind,
      String title,
      String endpoint,
      String command,
      List<String> required,
      String image,
      double perSecond,
      int burst,
      List<String> reads,
      List<String> writes) {
    this.kind = kind;
    this.title = title;
    this.endpoint = endpoint;
    this.command = command;
    this.required = required;
    this.image = Pattern.compile(image);
    this.perSecond = perSecond;
    this.burst = burst;
    this.reads = reads;
    this.writes = writes;
  }

  /** The service of a kind of definition files. */
  static Service of(String kind) {
    for (Service service : values()) {
      if (service.kind.equals(kind)) {
        return service;
      }
    }
    throw new IllegalArgumentException(kind);
  }

  /** Its kind of definition files, which is also its name in IAM actions. */
  String kind() {
    return kind;
  }

  /** What people call it. */
  String title() {
    return title;
  }

  /** What it and its settings are called in messages. */
  AwsErrors.Wording wording() {
    return new AwsErrors.Wording(title, endpoint, "imagespec.aws");
  }

  /** The AWS CLI's command that takes a definition file as its input. */
  String command() {
    return command;
  }

  /** The field that names a definition. */
  String nameField() {
    return required.get(0);
  }

  /** The fields that a definition must have; the AWS SDK does not know them. */
  List<String> required() {
    return required;
  }

  /** Whether an image stands at a place of a definition. */
  boolean isImage(String pointer) {
    return image.matcher(pointer).matches();
  }

  /** How many changes a second it takes from an account, if there are many. */
  double perSecond() {
    return perSecond;
  }

  /** How many changes it takes at once. */
  int burst() {
    return burst;
  }

  /** The IAM actions that ask what is there. */
  List<String> reads() {
    return reads;
  }

  /** The IAM actions that register. */
  List<String> writes() {
    return writes;
  }
}
