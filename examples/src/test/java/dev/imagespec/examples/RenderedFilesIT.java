package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of Kubernetes that a registration renders, read by the tools that people use on them. */
class RenderedFilesIT {
  private static final Path DEPLOY = Path.of("deploy/kubernetes");

  @TempDir Path dir;
  private final EcrServer ecr = EcrServer.start();
  private String image = "";

  @BeforeEach
  void register() throws IOException {
    ecr.push("hub/library/eclipse-temurin", "17.0.13_11-jre", TestImage.small());
    Files.copy(DEPLOY.resolve("kustomization.yaml"), dir.resolve("kustomization.yaml"));
    ExternalTool.Result result =
        PackagedCli.of("register", "--registry", ecr.registry())
            .withReport(Path.of("target/classes"), dir)
            .with("--mirror", "docker.io=" + ecr.registry() + "/hub")
            .with("--render", DEPLOY.resolve("report.yaml") + "=" + dir.resolve("report.yaml"))
            .environment(
                Map.of(
                    "AWS_ENDPOINT_URL_ECR", ecr.endpoint().toString(),
                    "IMAGESPEC_ECR_HOSTS", ecr.registry(),
                    "AWS_REGION", "us-east-1",
                    "AWS_ACCESS_KEY_ID", "any",
                    "AWS_SECRET_ACCESS_KEY", "any"))
            .run();
    assertThat(result.status()).as(result.output()).isZero();
    image =
        result
            .output()
            .lines()
            .filter(line -> line.startsWith(PackagedCli.REPORT + "  "))
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .findFirst()
            .orElseThrow();
  }

  @AfterEach
  void stop() {
    ecr.close();
  }

  private static void require(String tool) {
    Optional<String> missing = ExternalTool.missing(tool);
    assumeTrue(missing.isEmpty(), missing.orElse(""));
  }

  @Test
  void kustomizeBuildsThemWithTheImageByDigest() {
    require("kustomize");
    assertThat(ExternalTool.run("kustomize", "build", dir.toString()))
        .contains("name: nightly-report", "image: " + image + "\n")
        .contains("image: registry.example/proxy:1.4", "of dev.imagespec.examples.Report\n")
        .containsPattern("image: [^ ]+/reports/daily@sha256:[0-9a-f]{64}\n");
  }

  @Test
  void kubectlSetsTheSameImage() {
    require("kubectl");
    // What changes nothing, kubectl does not print.
    String other = "proxy=registry.example/proxy:2";
    String ours = setImages(dir.resolve("report.yaml"), other);
    String theirs = setImages(DEPLOY.resolve("report.yaml"), other, "report=" + image);
    assertThat(ours).contains("image: " + image).isEqualTo(theirs);
  }

  /** The file as kubectl writes it, with other images of its containers. */
  private String setImages(Path file, String... images) {
    List<String> command =
        new ArrayList<>(
            List.of("kubectl", "set", "image", "--local", "-o", "yaml", "-f", file.toString()));
    command.addAll(List.of(images));
    ExternalTool.Result result =
        ExternalTool.attempt(
            Map.of("KUBECONFIG", dir.resolve("none").toString(), "HOME", dir.toString()),
            command.toArray(String[]::new));
    assertThat(result.status()).as(result.output()).isZero();
    return result.output();
  }
}
