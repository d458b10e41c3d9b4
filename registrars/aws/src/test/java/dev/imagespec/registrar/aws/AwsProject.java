package dev.imagespec.registrar.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.Definition;
import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.SettingsBuilder;
import dev.imagespec.runtime.TaskRegistrar.Context;
import dev.imagespec.runtime.aws.AwsClients;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/** A project with tasks and definition files, and an AWS in this process, new for each test. */
final class AwsProject implements BeforeEachCallback, AfterEachCallback {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> PROPERTIES =
      List.of(
          "aws.accessKeyId",
          "aws.secretAccessKey",
          "aws.sessionToken",
          "aws.region",
          "aws.endpointUrl",
          "aws.endpointUrlEcr",
          "aws.endpointUrlEcs",
          "aws.endpointUrlBatch",
          "aws.endpointUrlLambda",
          "aws.endpointUrlSts",
          "aws.disableEc2Metadata",
          "aws.configFile",
          "aws.sharedCredentialsFile");

  final EcrServer aws = EcrServer.start();

  /** What was waited for, without waiting. */
  final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());

  final List<String> said = Collections.synchronizedList(new ArrayList<>());
  final Map<String, String> settings = new HashMap<>();
  Path dir = Path.of("");
  private final List<Definition> definitions = new ArrayList<>();

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    dir = Files.createTempDirectory("aws");
    System.setProperty("aws.accessKeyId", "AKIATEST");
    System.setProperty("aws.secretAccessKey", "test");
    System.setProperty("aws.region", "us-east-1");
    System.setProperty("aws.endpointUrl", aws.endpoint().toString());
    file("content", "x");
    task("a.Report");
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    aws.close();
    PROPERTIES.forEach(System::clearProperty);
    try (var files = Files.walk(dir)) {
      for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  Path file(String path, String text) {
    try {
      Path file = dir.resolve(path);
      Files.createDirectories(file.resolveSibling(""));
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a task, or changes its image. */
  Manifest task(String name, String... platforms) {
    return taskOn(Manifest.SCRATCH, name, platforms);
  }

  /** Adds a task on a base. */
  Manifest taskOn(String base, String name, String... platforms) {
    Manifest manifest =
        new Manifest(
            name,
            "",
            "team/" + name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]", "-"),
            base,
            "",
            platforms.length == 0
                ? List.of(Platform.DEFAULT)
                : Arrays.stream(platforms).map(Platform::parse).toList(),
            Manifest.Environment.NONE,
            new Manifest.Payload(
                false,
                "",
                List.of(),
                List.of("/x"),
                List.of(),
                List.of(),
                List.of(),
                "",
                "",
                List.of(new Manifest.Copy("content", "/x", "")),
                Map.of(),
                Map.of("for", name)),
            Manifest.Repository.DEFAULT);
    file("classes/" + manifest.resourceName(), manifest.toJson());
    file("classes/" + name.replace('.', '/') + ".class", "class");
    return manifest;
  }

  /** Writes a definition file, and gives it to the registrations from now on. */
  Definition definition(String kind, String name, String text) {
    Definition definition = new Definition(kind, file("deploy/" + name, text));
    if (!definitions.contains(definition)) {
      definitions.add(definition);
    }
    return definition;
  }

  /** A task definition of one container. */
  Definition ecs(String family, String task) {
    return definition(
        "ecs",
        family + ".json",
        """
        {
          "family": "%s",
          "containerDefinitions": [
            { "name": "main", "image": "%s", "memory": 512 }
          ]
        }
        """
            .formatted(family, task));
  }

  /** A job definition of one container. */
  Definition batch(String name, String task) {
    return definition(
        "batch",
        name + ".yaml",
        """
        # what runs at night
        jobDefinitionName: %s
        type: container
        containerProperties:
          image: %s
          resourceRequirements:
            - {type: VCPU, value: "1"}
            - {type: MEMORY, value: "2048"}
        """
            .formatted(name, task));
  }

  /** A function, with more fields. */
  Definition lambda(String name, String task, String more) {
    return definition(
        "lambda",
        name + ".json",
        """
        {
          "FunctionName": "%s",
          "Role": "arn:aws:iam::123456789012:role/run",
          "Code": { "ImageUri": "%s" }%s
        }
        """
            .formatted(name, task, more));
  }

  private SettingsBuilder settings() {
    return Settings.builder()
        .noMemory()
        .projectDir(dir)
        .history(dir.resolve("history"))
        .classPath(List.of(dir.resolve("classes")))
        .registry(aws.registry())
        .ecrHosts(List.of(Registry.parse(aws.registry())))
        .definitions(definitions)
        .registrar("aws", settings);
  }

  /** What a service describes, as a tree. */
  static JsonNode tree(Map<String, Object> described) {
    return JSON.valueToTree(described);
  }

  /** What a registrar gets that is called without a registration. */
  Context context(
      List<Definition> files, List<Manifest> manifests, Map<String, Repository> repositories) {
    return new Context(
        settings, files, List.of(), manifests, Set.of(), repositories, dir, event -> {});
  }

  /** A registrar that does not wait. */
  AwsRegistrar awsRegistrar() {
    return new AwsRegistrar(
        role ->
            new AwsClients(
                role,
                configuration ->
                    configuration.retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(4)
                            .backoffStrategy(BackoffStrategy.retryImmediately())
                            .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())
                            .circuitBreakerEnabled(false)
                            .build())),
        waits::add);
  }

  private ImageRegistrar registrar() {
    return ImageRegistrar.of(settings().build())
        .withTaskRegistrars(List.of(awsRegistrar()))
        .withListener(event -> said.add(event.toString()));
  }

  Registration register() {
    return registrar().register();
  }

  Plan plan() {
    return registrar().plan();
  }

  /** The requests to the platforms, which change something. */
  List<String> changes() {
    return aws.journal().entries().stream()
        .filter(entry -> entry.plane() == Journal.Plane.CONTROL && entry.status() < 300)
        .map(Journal.Entry::operation)
        .filter(name -> name.matches("(Register|Create|Update|Publish|Tag).*"))
        .filter(name -> !name.equals("CreateRepository"))
        .toList();
  }
}
