package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Registry;
import dev.imagespec.runtime.registry.FastClient;
import dev.imagespec.runtime.registry.ecr.FastEcr;
import dev.imagespec.runtime.run.Access;
import dev.imagespec.runtime.run.Session;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An Amazon ECR, which the AWS SDK finds, and another registry, both in this process and new for
 * each test.
 */
final class LocalRegistries implements BeforeEachCallback, AfterEachCallback {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What tests set; that of STS only some do. */
  private static final List<String> SDK =
      List.of(
          "aws.accessKeyId",
          "aws.secretAccessKey",
          "aws.region",
          "aws.endpointUrlEcr",
          "aws.endpointUrlSts");

  final EcrServer ecr = EcrServer.start();

  /** Stands for {@code registry.example}, too. */
  final RegistryServer other = RegistryServer.anonymous();

  private final List<RegistryServer> more = new ArrayList<>();

  /** One more registry for the same test. */
  RegistryServer another() {
    RegistryServer server = RegistryServer.anonymous();
    more.add(server);
    return server;
  }

  /** Pushes {@link Project#BASE}: an image of two layers. */
  void pushBase() {
    other.push("base", "1", TestImage.builder().layer("etc/a", "a").layer("etc/b", "b").build());
  }

  /** Pushes {@link Project#BASE} for several platforms, with a variable and a user. */
  void pushBaseFor(String... platforms) {
    other.push(
        "base",
        "1",
        TestImage.builder()
            .layer("etc/a", "a")
            .layer("etc/b", "b")
            .platforms(platforms)
            .config(Map.of("Env", List.of("PATH=/bin"), "User", "7"))
            .build());
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    open();
  }

  /** For tests that share them. */
  void open() {
    System.setProperty("aws.accessKeyId", "AKIATEST");
    System.setProperty("aws.secretAccessKey", "test");
    System.setProperty("aws.region", "us-east-1");
    System.setProperty("aws.endpointUrlEcr", ecr.endpoint().toString());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close();
  }

  /** The end of {@link #open}. */
  void close() {
    ecr.close();
    other.close();
    more.forEach(RegistryServer::close);
    SDK.forEach(System::clearProperty);
  }

  /** Settings by which a project's images go to the Amazon ECR. */
  SettingsBuilder settings(Project project) {
    return settings(project, other.registry())
        .registry(ecr.registry())
        .ecrHosts(List.of(Registry.parse(ecr.registry())));
  }

  /** Settings of a project whose bases are in a registry, and that remembers in its own folder. */
  static SettingsBuilder settings(Project project, String bases) {
    return Settings.builder()
        .classPath(List.of(project.classes))
        .projectDir(project.dir)
        .history(project.dir.resolve("history"))
        .memory(project.dir.resolve("memory"))
        .mirrors(List.of(Mirror.parse("registry.example=" + bases)));
  }

  /** Forgets the requests so far. */
  void clearJournals() {
    ecr.journal().clear();
    other.journal().clear();
    more.forEach(server -> server.journal().clear());
  }

  /** Registers images, and expects that none fails. */
  static Registration register(SettingsBuilder settings) {
    Registration registration = registrar(settings).register();
    assertThat(registration.failures()).isEmpty();
    return registration;
  }

  /** Registers images, and no tasks with platforms. */
  static ImageRegistrar registrar(SettingsBuilder settings) {
    return ImageRegistrar.of(settings.build()).withTaskRegistrars(List.of());
  }

  /** Sessions that wait, before they ask again, in a time of their own. */
  BiFunction<Settings, Access, Session> sessions(FastClient time) {
    return (settings, access) ->
        new Session(settings, access, FastEcr.of(ecr.registry()), time.builder());
  }

  /** A manifest or index in the Amazon ECR, by a tag or digest. */
  JsonNode manifest(String repository, String reference) throws IOException {
    return JSON.readTree(ecr.manifest(repository, reference).orElseThrow());
  }

  /** The configuration that a manifest names. */
  JsonNode config(String repository, JsonNode manifest) throws IOException {
    Digest digest = Digest.parse(manifest.path("config").path("digest").asText());
    return JSON.readTree(ecr.blob(repository, digest).orElseThrow());
  }

  /** The digest of a task's image. */
  static String digest(Registration registration, String task) {
    String reference = registration.tasks().getOrDefault(task, "");
    return reference.substring(reference.indexOf('@') + 1);
  }
}
