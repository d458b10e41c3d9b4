package dev.imagespec.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Registry;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.RegistryServer;
import java.io.IOException;
import java.util.List;
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
    SDK.forEach(System::clearProperty);
  }

  /** Settings by which a project's images go to the Amazon ECR. */
  SettingsBuilder settings(Project project) {
    return Settings.builder()
        .classPath(List.of(project.classes))
        .projectDir(project.dir)
        .history(project.dir.resolve("history"))
        .memory(project.dir.resolve("memory"))
        .registry(ecr.registry())
        .ecrHosts(List.of(Registry.parse(ecr.registry())))
        .mirrors(List.of(Mirror.parse("registry.example=" + other.registry())));
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
