package dev.imagespec.runtime.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.check.ManifestCheck;
import dev.imagespec.check.Problem;
import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A manifest is read and held against the checks; what passes can be written and rendered. */
class ManifestFuzzTest {
  private static final Manifest EVERYTHING =
      new Manifest(
          "t.Outer$Task",
          List.of("t.Composed"),
          "123456789012.dkr.ecr.us-east-1.amazonaws.com/team",
          "app",
          "ghcr.io/a/b:1",
          "",
          Manifest.OwnDockerfile.NONE,
          List.of(Platform.DEFAULT, Platform.parse("linux/arm/v7")),
          new Manifest.Environment(
              List.of("git", "curl=8.1"),
              List.of(
                  "numpy==2.1.0; python_version<'3.13'",
                  "a[b]>=1; python_version<'3.9'",
                  "a<2; python_version>='3.9'"),
              "conf/requirements.txt",
              "https://pypi.example/simple",
              List.of("https://more.example/simple"),
              List.of("cat /run/secrets/token > /dev/null", "id -u"),
              List.of("token")),
          new Manifest.Payload(
              true,
              "t.Outer$Main",
              List.of("-Xmx1g"),
              List.of(),
              List.of("a", ""),
              List.of("53/udp", "9000-9010"),
              List.of("/data"),
              "/work",
              "1000:1000",
              List.of(
                  new Manifest.Copy("conf/é.txt", "/etc/conf/", "0640"),
                  new Manifest.Copy(
                      "f",
                      "/t",
                      "0644",
                      List.of("*.yml"),
                      List.of("a", "b"),
                      List.of(new Manifest.Mode("bin", "0755")),
                      ".dockerignore",
                      "1000:100")),
              Map.of("A", "1", "PATH", "/x"),
              Map.of("k", "v")),
          new Manifest.Repository(
              true,
              true,
              "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
              List.of("123456789012"),
              30));

  @Test
  void aBrokenManifestIsRefusedAndAnyOtherIsWhole() throws InterruptedException {
    assertThat(ManifestCheck.problems(EVERYTHING)).isEmpty();
    String small =
        "{\"schema\":1,\"task\":\"t.Task\",\"baseImage\":\"a\",\"platforms\":[\"linux/amd64\"]}";
    Fuzz.run(List.of(EVERYTHING.toJson(), small), ManifestFuzzTest::read);
  }

  private static void read(byte[] document) {
    Manifest manifest;
    try {
      manifest = Manifest.parse(new String(document, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    List<Problem> problems = ManifestCheck.problems(manifest);
    problems.forEach(problem -> assertThat(problem.text()).startsWith("IMG"));
    if (problems.isEmpty()) {
      assertThat(Manifest.parse(manifest.toJson())).isEqualTo(manifest);
      assertThat(Dockerfile.of(manifest)).contains("FROM");
    }
  }
}
