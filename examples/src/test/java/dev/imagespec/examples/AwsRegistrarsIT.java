package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.json.Json;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example is registered with Amazon ECS, AWS Batch and AWS Lambda by the packaged command line;
 * the AWS CLI reads back what is there.
 */
class AwsRegistrarsIT {
  private static final Path DEPLOY = Path.of("deploy/aws");

  /** Debian's, before others on the search path that may be stand-ins. */
  private static final Path DEBIAN = Path.of("/usr/bin/aws");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path dir;
  private final EcrServer aws = EcrServer.start();
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void start() {
    aws.push("hub/library/eclipse-temurin", "17.0.13_11-jre", TestImage.small());
    environment.put("AWS_ENDPOINT_URL", aws.endpoint().toString());
    environment.put("IMAGESPEC_ECR_HOSTS", aws.registry());
    environment.put("AWS_REGION", "us-east-1");
    environment.put("AWS_ACCESS_KEY_ID", "AKIATEST");
    environment.put("AWS_SECRET_ACCESS_KEY", "test");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    environment.put("AWS_CONFIG_FILE", dir.resolve("none").toString());
    environment.put("AWS_SHARED_CREDENTIALS_FILE", dir.resolve("none").toString());
    environment.put("AWS_PAGER", "");
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private ExternalTool.Result imagespec(String command, String... definitions) {
    PackagedCli cli =
        PackagedCli.of(command, "--registry", aws.registry())
            .withReport(Path.of("target/classes"), dir)
            .with("--mirror", "docker.io=" + aws.registry() + "/hub");
    for (String definition : definitions) {
      cli.with("--definition", definition);
    }
    return cli.environment(environment).run();
  }

  private static String definition(String kind, String file) {
    return kind + ":" + DEPLOY.resolve(file).toAbsolutePath();
  }

  private static String[] all() {
    return new String[] {
      definition("ecs", "task-definition.json"),
      definition("batch", "job-definition.json"),
      definition("lambda", "function.json")
    };
  }

  private ExternalTool.Result register(String... definitions) {
    ExternalTool.Result result = imagespec("register", definitions);
    assertThat(result.status()).as(result.output()).isZero();
    return result;
  }

  private Map<?, ?> awsCli(String... arguments) {
    Optional<String> missing =
        Files.isExecutable(DEBIAN) ? Optional.empty() : ExternalTool.missing("aws");
    assumeTrue(missing.isEmpty(), missing.orElse(""));
    List<String> command = new ArrayList<>();
    command.add(
        Files.isExecutable(DEBIAN)
            ? DEBIAN.toString()
            : ExternalTool.find("aws").orElseThrow().toString());
    command.addAll(List.of(arguments));
    // Older ones know no variables for this.
    String endpoint =
        environment.getOrDefault(
            "AWS_ENDPOINT_URL_" + arguments[0].toUpperCase(Locale.ROOT), aws.endpoint().toString());
    command.addAll(List.of("--endpoint-url", endpoint, "--output", "json"));
    ExternalTool.Result result = ExternalTool.attempt(environment, command.toArray(String[]::new));
    assertThat(result.status()).as(result.output()).isZero();
    return (Map<?, ?>) Json.parse(result.output());
  }

  private static Object at(Object value, Object... path) {
    Object found = value;
    for (Object step : path) {
      found =
          step instanceof Integer index
              ? ((List<?>) found).get(index)
              : ((Map<?, ?>) found).get(step);
    }
    return found;
  }

  @Test
  void theAwsCliReadsBackWhatWasRegistered() {
    ExternalTool.Result first = register(all());
    assertThat(first.output()).contains("task-definition/daily-report:1");
    String byDigest = aws.registry() + "/reports/daily@sha256:[0-9a-f]{64}";

    Map<?, ?> task =
        awsCli(
            "ecs",
            "describe-task-definition",
            "--task-definition",
            "daily-report",
            "--include",
            "TAGS");
    assertThat(at(task, "taskDefinition", "containerDefinitions", 0, "image").toString())
        .matches(byDigest);
    assertThat(at(task, "taskDefinition", "cpu")).isEqualTo("512");
    assertThat(at(task, "tags").toString()).contains("imagespec:definition", "value=reports");

    Map<?, ?> job =
        awsCli(
            "batch",
            "describe-job-definitions",
            "--job-definition-name",
            "nightly-report",
            "--status",
            "ACTIVE");
    assertThat(at(job, "jobDefinitions", 0, "containerProperties", "image").toString())
        .matches(byDigest);
    assertThat(at(job, "jobDefinitions", 0, "timeout", "attemptDurationSeconds"))
        .hasToString("3600");

    Map<?, ?> function = awsCli("lambda", "get-function", "--function-name", "report");
    assertThat(at(function, "Code", "ResolvedImageUri").toString()).matches(byDigest);
    assertThat(at(function, "Configuration", "State")).isEqualTo("Active");
    assertThat(at(function, "Tags", "team")).isEqualTo("reports");

    aws.journal().clear();
    assertThat(register(all()).output()).contains("unchanged").doesNotContain("  registered");
    assertThat(
            aws.journal()
                .count(entry -> entry.operation().matches("(Register|Create|Update|Tag).*")))
        .as("a second registration registers nothing")
        .isZero();
    assertThat(imagespec("plan", all()).output()).contains("0 to register, 3 unchanged");
  }

  /** So that users need not learn another language. */
  @Test
  void theAwsCliTakesTheSameFiles() throws IOException {
    register(all());
    Map<?, ?> function = awsCli("lambda", "get-function", "--function-name", "report");
    String image = at(function, "Code", "ResolvedImageUri").toString();
    for (String[] command :
        List.of(
            new String[] {"ecs", "register-task-definition", "task-definition.json"},
            new String[] {"batch", "register-job-definition", "job-definition.json"},
            new String[] {"lambda", "create-function", "function.json"})) {
      String text =
          Files.readString(DEPLOY.resolve(command[2]))
              .replace("dev.imagespec.examples.Report", image)
              .replace("\"FunctionName\": \"report\"", "\"FunctionName\": \"other\"")
              .replace("\"Code\"", "\"PackageType\": \"Image\", \"Code\"");
      Path file = Files.writeString(dir.resolve(command[2]), text);
      awsCli(command[0], command[1], "--cli-input-json", "file://" + file);
    }
    assertThat(aws.ecs().revisions("daily-report")).isEqualTo(2);
    assertThat(aws.batch().revisions("nightly-report")).isEqualTo(2);
    assertThat(aws.lambda().image("other")).isEqualTo(image);
    // Those of the AWS CLI have no tag of ours: the next registration makes its own again.
    register(all());
    assertThat(aws.ecs().revisions("daily-report")).isEqualTo(3);
  }

  @Test
  void motoKnowsTheSame() throws IOException, InterruptedException {
    Optional<Path> moto = ExternalTool.find("moto_server");
    assumeTrue(moto.isPresent(), "not installed: moto_server");
    int port = freePort();
    Process server =
        new ProcessBuilder(moto.orElseThrow().toString(), "-p", String.valueOf(port))
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("moto.log").toFile())
            .start();
    try {
      String endpoint = "http://127.0.0.1:" + port;
      await(endpoint);
      environment.put("AWS_ENDPOINT_URL_ECS", endpoint);
      environment.put("AWS_ENDPOINT_URL_BATCH", endpoint);
      String[] definitions = {
        definition("ecs", "task-definition.json"), definition("batch", "job-definition.json")
      };
      assertThat(register(definitions).output()).contains("  registered");
      assertThat(register(definitions).output())
          .contains("unchanged")
          .doesNotContain("  registered");
      Map<?, ?> task = awsCli("ecs", "list-task-definitions", "--family-prefix", "daily-report");
      assertThat((List<?>) at(task, "taskDefinitionArns")).hasSize(1);
      Map<?, ?> jobs =
          awsCli("batch", "describe-job-definitions", "--job-definition-name", "nightly-report");
      assertThat((List<?>) at(jobs, "jobDefinitions")).hasSize(1);
      assertThat(at(jobs, "jobDefinitions", 0, "containerProperties", "image").toString())
          .startsWith(aws.registry() + "/reports/daily@sha256:");
      assertThat(imagespec("plan", definitions).output()).contains("0 to register, 2 unchanged");
    } finally {
      server.descendants().forEach(ProcessHandle::destroy);
      server.destroy();
      assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void await(String endpoint) throws InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      try {
        http.send(
            HttpRequest.newBuilder(URI.create(endpoint + "/moto-api/")).build(),
            HttpResponse.BodyHandlers.discarding());
        return;
      } catch (IOException e) {
        assertThat(Instant.now()).as("moto_server does not start: %s", e).isBefore(end);
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }
}
