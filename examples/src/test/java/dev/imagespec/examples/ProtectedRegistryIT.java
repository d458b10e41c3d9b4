package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.json.Json;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import dev.imagespec.testkit.TlsCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Registries that want a password, with real parts: Debian's docker-registry with htpasswd and TLS,
 * and skopeo, as another reader and as a client of {@code imagespec login}.
 */
class ProtectedRegistryIT {
  /** Loopback addresses speak plain HTTP to us, so TLS needs a name. */
  private static final String HOST = "registry.example";

  private static final String BASE = "mirror/library/eclipse-temurin:17.0.13_11-jre";
  private static final String BASIC =
      Base64.getEncoder()
          .encodeToString(
              (DockerRegistry.USER + ":" + DockerRegistry.PASSWORD)
                  .getBytes(StandardCharsets.UTF_8));

  @TempDir Path dir;
  private Path skopeoTrusts = Path.of("");

  @BeforeAll
  static void tools() {
    Optional<String> missing = ExternalTool.missing("docker-registry", "skopeo");
    assumeTrue(missing.isEmpty(), missing.orElse(""));
  }

  @BeforeEach
  void folder() throws IOException {
    skopeoTrusts = Files.createDirectory(dir.resolve("certs"));
  }

  private TlsCertificate certificate() throws IOException {
    TlsCertificate certificate = TlsCertificate.of(dir, HOST);
    Files.writeString(skopeoTrusts.resolve("ca.crt"), certificate.certificatePem());
    return certificate;
  }

  @Test
  void anImageIsRegisteredWithThePasswordAndReadBackWithIt()
      throws IOException, InterruptedException {
    TlsCertificate certificate = certificate();
    try (DockerRegistry registry = DockerRegistry.builder(dir).password().tls(certificate).start();
        RegistryServer source = RegistryServer.anonymous()) {
      seed(registry, source);
      String host = HOST + ":" + registry.port();

      assertThat(register(registry, certificate, config(host, BASIC)).waitFor()).as(log()).isZero();
      String reference = reference();
      assertThat(reference).startsWith(host + "/reports/daily@sha256:");
      String local = reference.replace(HOST, "127.0.0.1");
      assertThat(skopeo("inspect", authFile(registry), local))
          .contains("dev.imagespec.fingerprint");
      assertThatThrownBy(() -> skopeo("inspect", dir.resolve("none.json"), local))
          .as("the registry does want a password")
          .hasMessageContaining("unauthorized");
      assertThat(log()).as("with the port").contains("PUT " + host + "/v2/");
      hidesThePassword();

      Path helpers = Files.createDirectory(dir.resolve("bin"));
      script(
          helpers.resolve("docker-credential-canary"),
          "read url; test \"$url\" = " + host + " || exit 9",
          "echo '{\"Username\":\""
              + DockerRegistry.USER
              + "\",\"Secret\":\""
              + DockerRegistry.PASSWORD
              + "\"}'");
      Path config = Files.createDirectory(dir.resolve("helped"));
      Files.writeString(config.resolve("config.json"), "{\"credsStore\":\"canary\"}");
      assertThat(register(registry, certificate, config).waitFor()).as(log()).isZero();
      assertThat(Files.readString(dir.resolve("out"))).contains("\"action\": \"reused\"");
      hidesThePassword();
    }
  }

  @Test
  void aWrongPasswordIsSaidAndNothingIsPushed() throws IOException, InterruptedException {
    TlsCertificate certificate = certificate();
    String wrong =
        Base64.getEncoder().encodeToString("ci:wr0ng-canary".getBytes(StandardCharsets.UTF_8));
    try (DockerRegistry registry = DockerRegistry.builder(dir).password().tls(certificate).start();
        RegistryServer source = RegistryServer.anonymous()) {
      seed(registry, source);
      String host = HOST + ":" + registry.port();
      long before = registry.requests("PUT", "/v2/");
      assertThat(register(registry, certificate, config(host, wrong)).waitFor()).isEqualTo(1);
      assertThat(log())
          .contains("refuses the credential")
          .contains("docker login " + host)
          .doesNotContain("wr0ng-canary")
          .doesNotContain(wrong);
      assertThat(registry.requests("PUT", "/v2/")).isEqualTo(before);
    }
  }

  @Test
  void doctorTellsWhoMayPushWithoutPushing() throws IOException, InterruptedException {
    TlsCertificate certificate = certificate();
    try (DockerRegistry registry = DockerRegistry.builder(dir).password().tls(certificate).start();
        RegistryServer source = RegistryServer.anonymous()) {
      seed(registry, source);
      String host = HOST + ":" + registry.port();
      assertThat(imagespec(registry, certificate, config(host, BASIC), "doctor").waitFor())
          .as(Files.readString(dir.resolve("out")) + log())
          .isZero();
      assertThat(status("permission", host + "/reports/daily push")).isEqualTo("ok");
      assertThat(status("base", "docker.io/library/eclipse-temurin")).isEqualTo("ok");
      assertThat(Files.exists(dir.resolve("data/docker/registry/v2/repositories/reports")))
          .as("the repository was not made")
          .isFalse();
      assertThat(log()).doesNotContain(DockerRegistry.PASSWORD).doesNotContain(BASIC);

      Path nobody = Files.createDirectory(dir.resolve("nobody"));
      assertThat(imagespec(registry, certificate, nobody, "doctor").waitFor()).isEqualTo(1);
      assertThat(status("credentials", host)).isEqualTo("warning");
      assertThat(status("permission", host + "/reports/daily pull")).isEqualTo("failed");
    }
  }

  private String status(String check, String subject) throws IOException {
    Map<?, ?> json = (Map<?, ?>) Json.parse(Files.readString(dir.resolve("out")));
    if (json.get("findings") instanceof List<?> findings) {
      for (Object finding : findings) {
        if (finding instanceof Map<?, ?> found
            && found.get("check").equals(check)
            && String.valueOf(found.get("subject")).startsWith(subject)) {
          return String.valueOf(found.get("status"));
        }
      }
    }
    return "not there";
  }

  @Test
  void skopeoReadsWithTheCredentialsOfImagespecLogin() throws IOException, InterruptedException {
    TlsCertificate certificate = certificate();
    try (DockerRegistry registry = DockerRegistry.builder(dir).password().tls(certificate).start();
        RegistryServer source = RegistryServer.anonymous();
        EcrServer ecr = EcrServer.builder().tls(certificate, "127.0.0.1", "127.0.0.1").start()) {
      seed(registry, source);
      ecr.push("team/app", "1", TestImage.small());
      String protectedHost = "127.0.0.1:" + registry.port();
      Path bin = Files.createDirectory(dir.resolve("bin"));
      script(
          bin.resolve("docker-credential-imagespec"),
          "export DOCKER_CONFIG=" + config(protectedHost, BASIC),
          "export IMAGESPEC_ECR_HOSTS=" + ecr.registry(),
          "export AWS_ENDPOINT_URL_ECR=" + ecr.endpoint() + " AWS_REGION=us-east-1",
          "export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test",
          "exec "
              + String.join(" ", PackagedCli.of("login").trusting(certificate).words())
              + " \"$@\"");
      Path authFile =
          Files.writeString(
              dir.resolve("helpers.json"),
              Json.canonical(
                  Map.of(
                      "credHelpers",
                      Map.of(protectedHost, "imagespec", ecr.registry(), "imagespec"))));
      String[] path = {"env", "PATH=" + bin + ":" + System.getenv("PATH")};
      assertThat(skopeo("inspect", authFile, protectedHost + "/" + BASE, path))
          .contains("\"Digest\": \"" + TestImage.small().digest());
      assertThat(skopeo("inspect", authFile, ecr.registry() + "/team/app:1", path))
          .contains("\"Digest\": \"" + TestImage.small().digest());
      assertThat(ecr.journal().count("GetAuthorizationToken")).isPositive();
    }
  }

  /** Puts a base into the registry, as somebody with the password. */
  private void seed(DockerRegistry registry, RegistryServer source)
      throws IOException, InterruptedException {
    source.push("base", "1", TestImage.small());
    ExternalTool.run(
        "skopeo",
        "copy",
        "--insecure-policy",
        "--preserve-digests",
        "--src-tls-verify=false",
        "--dest-cert-dir",
        skopeoTrusts.toString(),
        "--dest-authfile",
        authFile(registry).toString(),
        "docker://" + source.registry() + "/base:1",
        "docker://127.0.0.1:" + registry.port() + "/" + BASE);
  }

  private Path authFile(DockerRegistry registry) throws IOException {
    return Files.writeString(
        dir.resolve("auth.json"), auths("127.0.0.1:" + registry.port(), BASIC));
  }

  private Path config(String host, String auth) throws IOException {
    Path folder = Files.createDirectories(dir.resolve("docker"));
    Files.writeString(folder.resolve("config.json"), auths(host, auth));
    return folder;
  }

  private static String auths(String host, String auth) {
    return Json.canonical(Map.of("auths", Map.of(host, Map.of("auth", auth))));
  }

  private String skopeo(String command, Path authFile, String reference, String... before)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(before));
    words.addAll(
        List.of(
            "skopeo",
            command,
            "--cert-dir",
            skopeoTrusts.toString(),
            "--authfile",
            authFile.toString(),
            "docker://" + reference));
    return ExternalTool.run(words.toArray(String[]::new));
  }

  private static void script(Path file, String... lines) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private Process register(DockerRegistry registry, TlsCertificate certificate, Path dockerConfig)
      throws IOException {
    return imagespec(
        registry,
        certificate,
        dockerConfig,
        "register",
        "--record",
        dir.resolve("record.json").toString());
  }

  private Process imagespec(
      DockerRegistry registry, TlsCertificate certificate, Path dockerConfig, String... command)
      throws IOException {
    String host = HOST + ":" + registry.port();
    return PackagedCli.of(command)
        .with("--verbose", "--json")
        .with("--registry", host, "--mirror", "docker.io=" + host + "/mirror")
        .withReport(Path.of("target", "classes"), dir)
        .trusting(certificate)
        .flags(
            "-Dorg.slf4j.simpleLogger.log.dev.imagespec=trace",
            "-Djdk.httpclient.HttpClient.log=all")
        .environment(
            Map.of(
                "DOCKER_CONFIG",
                dockerConfig.toString(),
                "PATH",
                dir.resolve("bin") + ":" + System.getenv("PATH")))
        .start(dir.resolve("out"), dir.resolve("log"));
  }

  private String log() throws IOException {
    return Files.readString(dir.resolve("log"));
  }

  private String reference() throws IOException {
    Map<?, ?> json = (Map<?, ?>) Json.parse(Files.readString(dir.resolve("out")));
    return json.get("tasks") instanceof Map<?, ?> tasks
        ? String.valueOf(tasks.get(PackagedCli.REPORT))
        : "";
  }

  /** Neither in the log, nor in the answer, nor in a file that stays. */
  private void hidesThePassword() throws IOException {
    for (String file : List.of("log", "out", "record.json", "imagespec.lock")) {
      assertThat(Files.readString(dir.resolve(file)))
          .as(file)
          .doesNotContain(DockerRegistry.PASSWORD)
          .doesNotContain(BASIC);
    }
  }
}
