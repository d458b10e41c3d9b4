package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.registrar.flyte.Flyte1Server;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.TestImage;
import flyteidl.core.Tasks.TaskTemplate;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged command line registers a class with {@code @FlyteTask} and a template file: in Flyte
 * 2, at a Connect server with Flyte's own messages, and in Flyte 1, at a gateway with its messages.
 */
class FlyteRegistrarIT {
  private static final String WORD_COUNT = "dev.imagespec.examples.WordCount";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();
  private static final Path ANNOTATIONS =
      Path.of("..", "annotations", "target", "classes").toAbsolutePath().normalize();
  private static final Path TABLE =
      Path.of(
          "../registrars/flyte/src/main/resources/dev/imagespec/registrar/flyte/task-template.fields");

  @TempDir Path dir;
  private final EcrServer ecr = EcrServer.start();

  @BeforeEach
  void seed() {
    ecr.push("hub/library/eclipse-temurin", "17.0.13_11-jre", TestImage.small());
  }

  @AfterEach
  void close() {
    ecr.close();
  }

  private PackagedCli cli(String command, Map<String, String> flyte, String... more) {
    Map<String, String> environment = new TreeMap<>(flyte);
    environment.put("AWS_ENDPOINT_URL_ECR", ecr.endpoint().toString());
    environment.put("AWS_REGION", ecr.region());
    environment.put("AWS_ACCESS_KEY_ID", "test");
    environment.put("AWS_SECRET_ACCESS_KEY", "test");
    environment.put("IMAGESPEC_ECR_HOSTS", ecr.registry());
    return PackagedCli.of(command, "--registry", ecr.registry())
        .with("--mirror", "docker.io=" + ecr.registry() + "/hub")
        .with("--classpath", CLASSES + File.pathSeparator + ANNOTATIONS)
        .with("--class", WORD_COUNT)
        .with("--project-dir", Path.of("").toAbsolutePath().toString())
        .with("--lock", dir.resolve("imagespec.lock").toString())
        .with(more)
        .environment(environment);
  }

  private ExternalTool.Result run(String command, Map<String, String> flyte, String... more) {
    return cli(command, flyte, more).run();
  }

  private static JsonNode registrations(ExternalTool.Result result) throws IOException {
    assertThat(result.status()).as(result.output()).isZero();
    return JSON.readTree(result.output().substring(result.output().indexOf('{')))
        .path("registrations");
  }

  /** A template of everything that the strict server could stumble over. */
  private Path template() throws IOException {
    return Files.writeString(
        dir.resolve("audit.yaml"),
        """
        id:
          resource_type: TASK
          project: flytesnacks
          domain: development
          name: team.audit
        type: raw-container
        task_type_version: 1
        metadata:
          discoverable: true
          discovery_version: "1"
          timeout: 90s
          retries: {retries: 2}
          interruptible: false
          tags: {team: audit}
          generates_deck: true
          log_links: [{uri: "https://logs.example", name: Logs, message_format: JSON, ttl: 60s}]
        interface:
          inputs:
            variables:
              day: {type: {simple: DATETIME}, description: which}
              files: {type: {collection_type: {blob: {format: csv}}}}
          outputs:
            variables:
            - {key: report, value: {type: {blob: {dimensionality: MULTIPART}}}}
        custom: {a: [1, 2.5, {b: null}], c: "text"}
        security_context:
          run_as: {k8s_service_account: audit}
          secrets: [{group: g, key: k, mount_requirement: ENV_VAR}]
        extended_resources: {gpu_accelerator: {device: nvidia-tesla-t4, unpartitioned: true}}
        config: {x: "y"}
        container:
          image: dev.imagespec.examples.WordCount
          command: [java]
          args: ["-version"]
          env: [{key: A, value: B}]
          architecture: AMD64
          resources:
            requests: [{name: CPU, value: "1"}, {name: EPHEMERAL_STORAGE, value: 1Gi}]
          data_config: {enabled: true, input_path: /in, output_path: /out, format: YAML,
                        io_strategy: {download_mode: DO_NOT_DOWNLOAD}}
        """);
  }

  @Test
  void flyte2RunsTheTaskInTheImageJustPushedAndASecondRunRegistersNothing() throws Exception {
    Flyte2Server.require();
    try (Flyte2Server flyte = Flyte2Server.start(dir, Map.of("FLYTE2_PROJECTS", "flytesnacks"))) {
      Map<String, String> settings =
          Map.of("IMAGESPEC_FLYTE_ENDPOINT", flyte.endpoint(), "IMAGESPEC_FLYTE_ORG", "acme");
      String[] file = {"--definition", "flyte:" + template()};
      ExternalTool.Result planned = run("plan", settings, file);
      assertThat(planned.output())
          .contains("Flyte has no version of " + WORD_COUNT + " yet")
          .contains("Flyte has no version of team.audit yet");

      JsonNode first = registrations(run("register", settings, file[0], file[1], "--json"));
      assertThat(first).hasSize(2);
      assertThat(flyte.count("DeployTask")).isEqualTo(2);
      for (JsonNode one : first) {
        assertThat(one.path("registrar").asText()).isEqualTo("flyte");
        assertThat(one.path("action").asText()).isEqualTo("registered");
        JsonNode template =
            details(flyte, one.path("id").asText()).at("/details/spec/taskTemplate");
        assertThat(template.at("/container/image").asText())
            .startsWith(ecr.registry() + "/texts/word-count@sha256:");
        assertThat(template.path("type").asText()).isEqualTo("raw-container");
        assertThat(template.at("/container/dataConfig/enabled").asBoolean()).isTrue();
      }

      flyte.forget();
      JsonNode second = registrations(run("register", settings, file[0], file[1], "--json"));
      assertThat(second).extracting(one -> one.path("action").asText()).containsOnly("unchanged");
      assertThat(second)
          .extracting(one -> one.path("id").asText())
          .containsExactlyElementsOf(() -> first.findValuesAsText("id").iterator());
      assertThat(flyte.count("GetTaskDetails")).isEqualTo(2);
      assertThat(flyte.journal()).hasSize(2);

      ExternalTool.Result check = run("plan", settings, file[0], file[1], "--check");
      assertThat(check.status()).as(check.output()).isZero();
      assertThat(flyte.journal()).noneMatch(line -> line.contains("\"replaced\":true"));
    }
  }

  /** What the server has, asked for without this project's code. */
  private static JsonNode details(Flyte2Server flyte, String id)
      throws IOException, InterruptedException {
    String[] parts = id.split("[/@]", -1);
    String body =
        JSON.createObjectNode()
            .set(
                "taskId",
                JSON.createObjectNode()
                    .put("org", "acme")
                    .put("project", parts[0])
                    .put("domain", parts[1])
                    .put("name", parts[2])
                    .put("version", parts[3]))
            .toString();
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(flyte.endpoint() + "/flyteidl2.task.TaskService/GetTaskDetails"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  @Test
  void whatFlyte2DoesNotDoIsToldAndNoTokenIsInTheMostVerboseLog() throws Exception {
    Flyte2Server.require();
    String token = "canary-token-that-may-write";
    String reader = "canary-token-that-may-read";
    try (Flyte2Server flyte =
        Flyte2Server.start(
            dir,
            Map.of(
                "FLYTE2_PROJECTS", "flytesnacks",
                "FLYTE2_TOKEN", token,
                "FLYTE2_READ_TOKEN", reader))) {
      for (String sent : List.of(reader, token, "canary-token-of-nobody")) {
        Path file = Files.writeString(dir.resolve("token"), sent);
        ExternalTool.Result result =
            cli(
                    "register",
                    Map.of(
                        "IMAGESPEC_FLYTE_ENDPOINT",
                        flyte.endpoint(),
                        "IMAGESPEC_FLYTE_ORG",
                        "acme",
                        "IMAGESPEC_FLYTE_AUTH",
                        "external-command",
                        "IMAGESPEC_FLYTE_COMMAND",
                        "cat " + file),
                    "--verbose")
                .flags(
                    "-Dorg.slf4j.simpleLogger.log.dev.imagespec=trace",
                    "-Djdk.httpclient.HttpClient.log=all")
                .run();
        assertThat(result.output()).doesNotContain("canary-token");
        if (sent.equals(token)) {
          assertThat(result.status()).as(result.output()).isZero();
        } else {
          assertThat(result.status()).as(result.output()).isEqualTo(1);
          assertThat(result.output())
              .contains(
                  sent.equals(reader) ? "register_flyte_inventory" : "token is invalid or expired");
        }
      }
      assertThat(flyte.journal()).anyMatch(line -> line.contains("PermissionDenied"));
      assertThat(flyte.journal()).anyMatch(line -> line.contains("Unauthenticated"));
    }
  }

  @Test
  void theTableOfFieldsIsThatOfFlytesOwnMessages() throws Exception {
    Flyte2Server.require();
    String table = "\n" + Files.readString(TABLE);
    List<String> fields = Flyte2Server.fields();
    assertThat(fields).hasSizeGreaterThan(150);
    for (String line : fields) {
      String[] words =
          line.replaceAll("flyteidl2\\.(core|common)\\.|google\\.protobuf\\.", "").split(" ", -1);
      int message = table.indexOf("\nmessage " + words[0] + "\n");
      assertThat(message).as(line).isPositive();
      String of =
          table.substring(message + 1, table.indexOf("\n" + next(table, message), message + 1));
      assertThat(of.lines().filter(known -> !known.endsWith("only=1")).map(String::strip).toList())
          .as(line)
          .anyMatch(known -> (known + " ").startsWith(words[1] + " " + words[2] + " "));
    }
  }

  /** How the entry after a place in the table starts. */
  private static String next(String table, int place) {
    int message = table.indexOf("\nmessage ", place + 1);
    return message < 0 ? "enum " : "message ";
  }

  @Test
  void flyte1RunsTheTaskInTheImageJustPushedAndASecondRunRegistersNothing() throws Exception {
    try (Flyte1Server flyte = new Flyte1Server("flytesnacks")) {
      Map<String, String> settings =
          Map.of("IMAGESPEC_FLYTE_ENDPOINT", flyte.endpoint(), "IMAGESPEC_FLYTE_API", "1");
      JsonNode first = registrations(run("register", settings, "--json"));
      assertThat(first).hasSize(1);
      assertThat(first.get(0).path("action").asText()).isEqualTo("registered");
      assertThat(flyte.tasks())
          .singleElement()
          .extracting(TaskTemplate::getContainer)
          .satisfies(
              container -> {
                assertThat(container.getImage())
                    .startsWith(ecr.registry() + "/texts/word-count@sha256:");
                assertThat(container.getDataConfig().getEnabled()).isTrue();
              });
      JsonNode second = registrations(run("register", settings, "--json"));
      assertThat(second.get(0).path("action").asText()).isEqualTo("unchanged");
      assertThat(second.get(0).path("id")).isEqualTo(first.get(0).path("id"));
      assertThat(flyte.tasks()).hasSize(1);
      assertThat(flyte.requests()).containsExactly("POST /api/v1/tasks", "POST /api/v1/tasks");
      assertThat(run("plan", settings, "--check").status()).isZero();
    }
  }

  @Test
  void theWrongInterfaceIsNamed() throws Exception {
    try (Flyte1Server flyte = new Flyte1Server("flytesnacks")) {
      ExternalTool.Result result =
          run("register", Map.of("IMAGESPEC_FLYTE_ENDPOINT", flyte.endpoint()));
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.output()).contains("speaks Flyte 1", "set imagespec.flyte.api=1");
    }
  }
}
