package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.Journal.Plane;
import dev.imagespec.testkit.TestImage;
import dev.imagespec.testkit.TlsCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command line, in a process of its own, against an Amazon ECR in this one. */
class EmbeddedEcrIT {
  private static final String HOST = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
  private static final String TASK = "dev.imagespec.examples.Report";

  @TempDir Path dir;

  @Test
  void theHostOfTheAnnotationIsReachedOverTls() throws IOException, InterruptedException {
    TlsCertificate certificate = TlsCertificate.of(dir, HOST, "blobs.example");
    try (EcrServer ecr = EcrServer.builder().tls(certificate, HOST, "blobs.example").start()) {
      seed(ecr);
      Process process =
          register(
              ecr,
              Map.of(),
              "-Djdk.net.hosts.file=" + certificate.hostsFile(),
              "-Djavax.net.ssl.trustStore=" + certificate.trustStore(),
              "-Djavax.net.ssl.trustStorePassword=" + TlsCertificate.PASSWORD);
      assertThat(process.waitFor()).as(log()).isZero();
      assertThat(ecr.tags("reports/daily")).hasSize(1);
      assertThat(ecr.isMutable("reports/daily")).isFalse();
      assertThat(ecr.setting("reports/daily", "tags"))
          .hasValue(List.of(Map.of("Key", "managed-by", "Value", "imagespec")));
      assertThat(ecr.journal().count(e -> e.plane() == Plane.BLOBS && e.authorized())).isZero();
      assertThat(ecr.journal().count(e -> e.plane() == Plane.BLOBS)).isPositive();
    }
  }

  @Test
  void noTokenStandsInTheMostVerboseLog() throws IOException, InterruptedException {
    try (EcrServer ecr = EcrServer.start()) {
      seed(ecr);
      Process process =
          register(
              ecr,
              Map.of(
                  "IMAGESPEC_ECR_HOSTS", ecr.registry(),
                  "AWS_SECRET_ACCESS_KEY", "aws-key-canary",
                  "AWS_SESSION_TOKEN", "aws-session-canary"),
              "-Dorg.slf4j.simpleLogger.log.dev.imagespec=trace",
              "-Dorg.slf4j.simpleLogger.log.software.amazon.awssdk=trace",
              "-Djdk.httpclient.HttpClient.log=all");
      assertThat(process.waitFor()).as(log()).isZero();
      assertThat(ecr.issuedTokens()).isNotEmpty();
      for (String token : ecr.issuedTokens()) {
        assertThat(log()).doesNotContain(token);
        assertThat(Files.readString(dir.resolve("record.json"))).doesNotContain(token);
      }
      assertThat(log())
          .contains("PUT")
          .contains("software.amazon.awssdk")
          .doesNotContain("Basic ")
          .doesNotContain("aws-key-canary")
          .doesNotContain("aws-session-canary")
          .doesNotContain("QVdTO")
          .doesNotContain("not-for-logs");
    }
  }

  @Test
  void aKilledRegistrationIsNothingThatTheNextTripsOver() throws IOException, InterruptedException {
    try (EcrServer ecr = EcrServer.start()) {
      seed(ecr);
      ecr.inject(Fault.hang("PUT blob", 100));
      for (boolean forcibly : new boolean[] {true, false}) {
        Process killed = register(ecr, Map.of("IMAGESPEC_ECR_HOSTS", ecr.registry()));
        for (int i = 0; i < 200 && ecr.journal().count("POST upload") == 0; i++) {
          Thread.sleep(50);
        }
        assertThat(ecr.journal().count("POST upload")).isPositive();
        ecr.journal().clear();
        if (forcibly) {
          killed.destroyForcibly();
        } else {
          killed.destroy();
        }
        assertThat(killed.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(workspaces()).hasSize(1);
      }
      assertThat(dir.resolve("record.json")).doesNotExist();
    }
    try (EcrServer ecr = EcrServer.start()) {
      seed(ecr);
      Process next = register(ecr, Map.of("IMAGESPEC_ECR_HOSTS", ecr.registry()));
      assertThat(next.waitFor()).as(log()).isZero();
      assertThat(ecr.tags("reports/daily")).hasSize(1);
      assertThat(workspaces()).isEmpty();
    }
  }

  private static void seed(EcrServer ecr) {
    ecr.push("hub/library/eclipse-temurin", "17.0.13_11-jre", TestImage.small());
  }

  private List<Path> workspaces() throws IOException {
    try (Stream<Path> list = Files.list(Files.createDirectories(dir.resolve("tmp")))) {
      return list.filter(path -> path.toString().contains("imagespec-")).toList();
    }
  }

  private String log() throws IOException {
    return Files.readString(dir.resolve("log"));
  }

  private Process register(EcrServer ecr, Map<String, String> environment, String... flags)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(dir.resolve("tmp")));
    command.addAll(List.of(flags));
    command.addAll(
        List.of(
            "-jar",
            System.getProperty("e2e.cli"),
            "register",
            "--verbose",
            "--classpath",
            Path.of("target", "classes").toAbsolutePath().toString(),
            "--class",
            TASK,
            "--project-dir",
            Path.of("").toAbsolutePath().toString(),
            "--lock",
            dir.resolve("imagespec.lock").toString(),
            "--record",
            dir.resolve("record.json").toString(),
            "--registry",
            ecr.registry(),
            "--mirror",
            "docker.io=" + ecr.registry() + "/hub"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("log").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("AWS_ENDPOINT_URL_ECR", ecr.endpoint().toString());
    builder.environment().put("AWS_REGION", ecr.region());
    builder.environment().put("AWS_ACCESS_KEY_ID", "test");
    builder.environment().put("AWS_SECRET_ACCESS_KEY", "test");
    builder.environment().putAll(environment);
    return builder.start();
  }
}
