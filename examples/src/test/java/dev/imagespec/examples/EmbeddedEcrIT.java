package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.testkit.EcrPublicServer;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.Journal.Plane;
import dev.imagespec.testkit.TestImage;
import dev.imagespec.testkit.TlsCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command line, in a process of its own, against an Amazon ECR in this one. */
class EmbeddedEcrIT {
  private static final String HOST = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

  @TempDir Path dir;

  @Test
  void theHostOfTheAnnotationIsReachedOverTls() throws IOException, InterruptedException {
    TlsCertificate certificate = TlsCertificate.of(dir, HOST, "blobs.example");
    try (EcrServer ecr = EcrServer.builder().tls(certificate, HOST, "blobs.example").start()) {
      seed(ecr);
      Process process = start(register(ecr).trusting(certificate));
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
  void noSecretStandsInTheMostVerboseLog() throws IOException, InterruptedException {
    String secretKey = "canary-secret-access-key";
    String sessionToken = "canary-session-token";
    String role = "arn:aws:iam::123456789012:role/push";
    for (boolean succeeds : new boolean[] {true, false}) {
      try (EcrServer ecr = EcrServer.start()) {
        seed(ecr);
        ecr.trust(role, "");
        if (!succeeds) {
          ecr.deny("ecr:PutImage");
        }
        Process process =
            start(
                registerByAddress(ecr)
                    .environment(
                        Map.of(
                            "IMAGESPEC_ECR_ASSUME_ROLE", role,
                            "AWS_ENDPOINT_URL_STS", ecr.endpoint().toString(),
                            "AWS_SECRET_ACCESS_KEY", secretKey,
                            "AWS_SESSION_TOKEN", sessionToken))
                    .flags(
                        "-Dorg.slf4j.simpleLogger.log.dev.imagespec=trace",
                        "-Dorg.slf4j.simpleLogger.log.software.amazon.awssdk=trace",
                        "-Djdk.httpclient.HttpClient.log=all"));
        assertThat(process.waitFor()).as(log()).isEqualTo(succeeds ? 0 : 1);
        assertThat(log())
            .as("the SDK speaks, too")
            .contains("PUT", "DEBUG Sending Request: ")
            .doesNotContain("Basic ")
            .doesNotContain("QVdTO")
            .doesNotContain("not-for-logs")
            .doesNotContain(secretKey)
            .doesNotContain(sessionToken);
        for (String secret : ecr.secrets()) {
          assertThat(log()).doesNotContain(secret).doesNotContain(base64(secret));
        }
      }
    }
  }

  private static String base64(String secret) {
    return Base64.getEncoder().encodeToString(("AWS:" + secret).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void amazonEcrPublicIsATargetUnderItsOwnName() throws IOException, InterruptedException {
    String host = "public.ecr.aws";
    TlsCertificate certificate = TlsCertificate.of(dir, host);
    try (EcrServer ecr = EcrServer.start();
        EcrPublicServer gallery = EcrPublicServer.start("acme", certificate, host)) {
      seed(ecr);
      for (int i = 0; i < 2; i++) {
        gallery.journal().clear();
        Process process =
            start(
                register(ecr, gallery.registry() + "/acme")
                    .environment(
                        Map.of(
                            "IMAGESPEC_ECR_HOSTS", ecr.registry(),
                            "AWS_ENDPOINT_URL_ECR_PUBLIC", gallery.endpoint().toString()))
                    .trusting(certificate));
        assertThat(process.waitFor()).as(log()).isZero();
      }
      assertThat(gallery.journal().entries().stream().map(e -> e.operation()))
          .as("the second time: everybody may ask what exists")
          .containsExactly("HEAD manifest", "GET token", "HEAD manifest");
      assertThat(gallery.tags("reports/daily")).hasSize(1);
      assertThat(gallery.setting("reports/daily", "tags").toString())
          .contains("managed-by", "imagespec");
      assertThat(log()).contains(gallery.registry() + "/acme/reports/daily@sha256:");
      for (String secret : gallery.secrets()) {
        assertThat(log()).doesNotContain(secret);
      }
    }
  }

  @Test
  void aKilledRegistrationIsNothingThatTheNextTripsOver() throws IOException, InterruptedException {
    try (EcrServer ecr = EcrServer.start()) {
      seed(ecr);
      ecr.inject(Fault.hang("PUT blob", 100));
      for (boolean forcibly : new boolean[] {true, false}) {
        List<Path> before = workspaces();
        Process killed = start(registerByAddress(ecr));
        // A request of the one killed before may still be on its way: its folder is in use, too.
        for (int i = 0;
            i < 200 && (ecr.journal().count("POST upload") == 0 || workspaces().equals(before));
            i++) {
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
        // What is asked to end cleans up after itself, and after the one that could not.
        assertThat(workspaces()).hasSize(forcibly ? 1 : 0);
      }
      assertThat(dir.resolve("record.json")).doesNotExist();
    }
    try (EcrServer ecr = EcrServer.start()) {
      seed(ecr);
      Process next = start(registerByAddress(ecr));
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

  private PackagedCli register(EcrServer ecr) throws IOException {
    return register(ecr, ecr.registry());
  }

  private PackagedCli register(EcrServer ecr, String registry) throws IOException {
    return PackagedCli.of("register", "--verbose", "--registry", registry)
        .with("--record", dir.resolve("record.json").toString())
        .with("--mirror", "docker.io=" + ecr.registry() + "/hub")
        .withReport(Path.of("target", "classes"), dir)
        .flags("-Djava.io.tmpdir=" + Files.createDirectories(dir.resolve("tmp")))
        .environment(
            Map.of(
                "AWS_ENDPOINT_URL_ECR",
                ecr.endpoint().toString(),
                "AWS_REGION",
                ecr.region(),
                "AWS_ACCESS_KEY_ID",
                "test",
                "AWS_SECRET_ACCESS_KEY",
                "test"));
  }

  /** The same, where the address of an Amazon ECR does not tell that it is one. */
  private PackagedCli registerByAddress(EcrServer ecr) throws IOException {
    return register(ecr).environment(Map.of("IMAGESPEC_ECR_HOSTS", ecr.registry()));
  }

  private Process start(PackagedCli command) throws IOException {
    return command.start(dir.resolve("log"));
  }
}
