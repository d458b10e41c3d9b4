package dev.imagespec.registrar.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.json.Json;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import dev.imagespec.testkit.Fault;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** No secret is in any output, at any level: the tests of this module log at TRACE. */
class SecretsTest {
  private static final String KEY = "canary/secret+access-key-of-40-characters";
  private static final String VARIABLE = "canary-of-an-environment-variable";

  @RegisterExtension final AwsProject project = new AwsProject();

  @Test
  void neitherTheKeyNorAVariableIsTold() {
    assertThat(LoggerFactory.getLogger("software.amazon.awssdk").isTraceEnabled()).isTrue();
    System.setProperty("aws.secretAccessKey", KEY);
    String variables = "{\"Variables\": {\"TOKEN\": \"" + VARIABLE + "\", \"OTHER\": \"%s\"}}";
    project.lambda("report", "a.Report", ", \"Environment\": " + variables.formatted("a"));
    project.definition(
        "ecs",
        "report.yaml",
        "family: report\ncontainerDefinitions: [{name: main, image: a.Report, environment:"
            + " [{name: TOKEN, value: "
            + VARIABLE
            + "}]}]\n");
    project.definition(
        "batch",
        "job.yaml",
        "{jobDefinitionName: job, type: container, containerProperties: {image: a.Report,"
            + " environment: [{name: TOKEN, value: "
            + VARIABLE
            + "}]}}");
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    StringBuilder told = new StringBuilder();
    try {
      told.append(project.plan());
      Registration registration = project.register();
      assertThat(registration.failures()).isEmpty();
      told.append(registration);
      project.lambda("report", "a.Report", ", \"Environment\": " + variables.formatted("b"));
      project.file("content", "y");
      Plan plan = project.plan();
      assertThat(plan.hasWork()).isTrue();
      told.append(plan);
      told.append(project.register());
    } finally {
      System.setErr(before);
    }
    told.append(project.said);
    told.append(project.aws.journal());
    String logged = log.toString(StandardCharsets.UTF_8);
    assertThat(logged).contains("TRACE").contains("DEBUG");
    for (String secret : new String[] {KEY, VARIABLE}) {
      assertThat(told.toString()).doesNotContain(secret);
      assertThat(logged.lines().filter(line -> line.contains(secret))).isEmpty();
    }
  }

  @Test
  void whatAServiceQuotesIsMasked() {
    System.setProperty("aws.secretAccessKey", KEY);
    project.ecs("report", "a.Report");
    project.aws.inject(
        Fault.respond(
            "DescribeTaskDefinition",
            1,
            400,
            Json.canonical(
                Map.of("__type", "InvalidParameterException", "message", "you sent " + KEY)),
            Map.of()));
    assertThat(project.register().failures())
        .singleElement()
        .satisfies(
            failure -> assertThat(failure.message()).contains("you sent ***").doesNotContain(KEY));
  }
}
