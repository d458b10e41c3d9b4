package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.testkit.EcrPublicServer;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The unmodified AWS CLI as a client of the Amazon ECR in this process: both agree on what it is.
 */
class AwsCliIT {
  /** Debian's, before others on the search path that may be stand-ins. */
  private static final Path DEBIAN = Path.of("/usr/bin/aws");

  @TempDir Path dir;

  @BeforeEach
  void require() {
    Optional<String> missing =
        Files.isExecutable(DEBIAN) ? Optional.empty() : ExternalTool.missing("aws");
    assumeTrue(missing.isEmpty(), missing.orElse(""));
  }

  private record Answer(int exit, String out, String err) {
    Map<?, ?> json() {
      return (Map<?, ?>) Json.parse(out);
    }
  }

  private Answer aws(URI endpoint, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Files.isExecutable(DEBIAN)
                    ? DEBIAN.toString()
                    : ExternalTool.find("aws").orElseThrow().toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--endpoint-url", endpoint.toString(), "--output", "json"));
    Path out = dir.resolve("out");
    Path err = dir.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("AWS_"));
    environment.put("AWS_ACCESS_KEY_ID", "AKIATEST");
    environment.put("AWS_SECRET_ACCESS_KEY", "test");
    environment.put("AWS_DEFAULT_REGION", "us-east-1");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    environment.put("AWS_CONFIG_FILE", dir.resolve("none").toString());
    environment.put("AWS_SHARED_CREDENTIALS_FILE", dir.resolve("none").toString());
    environment.put("AWS_PAGER", "");
    environment.put("AWS_MAX_ATTEMPTS", "1");
    int exit = builder.start().waitFor();
    return new Answer(exit, Files.readString(out), Files.readString(err));
  }

  private Answer done(URI endpoint, String... arguments) throws IOException, InterruptedException {
    Answer answer = aws(endpoint, arguments);
    assertThat(answer.exit()).as(answer.err()).isZero();
    return answer;
  }

  private String file(String name, String text) throws IOException {
    return "file://" + Files.writeString(dir.resolve(name), text);
  }

  @Test
  void repositoriesAreCreatedDescribedTaggedAndDeleted() throws IOException, InterruptedException {
    try (EcrServer ecr = EcrServer.start()) {
      Map<?, ?> created =
          (Map<?, ?>)
              done(
                      ecr.endpoint(),
                      "ecr",
                      "create-repository",
                      "--repository-name",
                      "team/app",
                      "--image-tag-mutability",
                      "IMMUTABLE",
                      "--image-scanning-configuration",
                      "scanOnPush=true",
                      "--tags",
                      "Key=managed-by,Value=cli")
                  .json()
                  .get("repository");
      assertThat(created.get("repositoryUri")).isEqualTo(ecr.registry() + "/team/app");
      assertThat(ecr.mutability("team/app")).isEqualTo("IMMUTABLE");
      assertThat(done(ecr.endpoint(), "ecr", "describe-repositories").out())
          .contains("\"scanOnPush\": true", "\"imageTagMutability\": \"IMMUTABLE\"", "2023-");
      assertThat(
              done(
                      ecr.endpoint(),
                      "ecr",
                      "list-tags-for-resource",
                      "--resource-arn",
                      String.valueOf(created.get("repositoryArn")))
                  .out())
          .contains("managed-by");
      assertThat(
              aws(ecr.endpoint(), "ecr", "create-repository", "--repository-name", "team/app")
                  .err())
          .contains("RepositoryAlreadyExistsException");
      done(
          ecr.endpoint(),
          "ecr",
          "put-image-tag-mutability",
          "--repository-name",
          "team/app",
          "--image-tag-mutability",
          "MUTABLE");
      assertThat(ecr.isMutable("team/app")).isTrue();
      done(ecr.endpoint(), "ecr", "delete-repository", "--repository-name", "team/app");
      assertThat(
              aws(ecr.endpoint(), "ecr", "describe-repositories", "--repository-names", "team/app")
                  .err())
          .contains("RepositoryNotFoundException");
    }
  }

  @Test
  void imagesArePutThroughTheApiAndReadBack() throws IOException, InterruptedException {
    try (EcrServer ecr = EcrServer.start()) {
      ecr.push("source", "1", TestImage.small());
      ecr.createRepository("team/app", false);
      for (Digest digest : TestImage.small().blobDigests()) {
        Path blob = Files.write(dir.resolve("blob"), ecr.blob("source", digest).orElseThrow());
        String id =
            String.valueOf(
                done(
                        ecr.endpoint(),
                        "ecr",
                        "initiate-layer-upload",
                        "--repository-name",
                        "team/app")
                    .json()
                    .get("uploadId"));
        done(
            ecr.endpoint(),
            "ecr",
            "upload-layer-part",
            "--repository-name",
            "team/app",
            "--upload-id",
            id,
            "--part-first-byte",
            "0",
            "--part-last-byte",
            String.valueOf(Files.size(blob) - 1),
            "--layer-part-blob",
            "fileb://" + blob);
        done(
            ecr.endpoint(),
            "ecr",
            "complete-layer-upload",
            "--repository-name",
            "team/app",
            "--upload-id",
            id,
            "--layer-digests",
            digest.toString());
      }
      String manifest = ecr.manifest("source", "1").orElseThrow();
      String[] put = {
        "ecr",
        "put-image",
        "--repository-name",
        "team/app",
        "--image-tag",
        "is1-a",
        "--image-manifest",
        file("manifest", manifest)
      };
      done(ecr.endpoint(), put);
      assertThat(aws(ecr.endpoint(), put).err()).contains("ImageAlreadyExistsException");
      assertThat(ecr.tags("team/app"))
          .containsExactly(Map.entry("is1-a", TestImage.small().digest()));

      Map<?, ?> got =
          done(
                  ecr.endpoint(),
                  "ecr",
                  "batch-get-image",
                  "--repository-name",
                  "team/app",
                  "--image-ids",
                  "imageTag=is1-a",
                  "imageTag=is1-b")
              .json();
      assertThat(((Map<?, ?>) ((List<?>) got.get("images")).get(0)).get("imageManifest"))
          .isEqualTo(manifest);
      assertThat(got.get("failures").toString()).contains("is1-b", "ImageNotFound");
      assertThat(
              done(ecr.endpoint(), "ecr", "describe-images", "--repository-name", "team/app").out())
          .contains("is1-a", TestImage.small().digest().toString());
      assertThat(
              aws(
                      ecr.endpoint(),
                      "ecr",
                      "describe-images",
                      "--repository-name",
                      "team/app",
                      "--image-ids",
                      "imageTag=none")
                  .err())
          .contains("ImageNotFoundException");
      assertThat(done(ecr.endpoint(), "ecr", "list-images", "--repository-name", "team/app").out())
          .contains("is1-a");
    }
  }

  @Test
  void policiesThatARegistrationMergedAreReadBack() throws IOException, InterruptedException {
    try (EcrServer ecr = EcrServer.start()) {
      ecr.createRepository("team/app", false);
      String policy =
          "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Allow\",\"Principal\":"
              + "{\"AWS\":\"210987654321\"},\"Action\":\"ecr:BatchGetImage\"}]}";
      assertThat(
              aws(ecr.endpoint(), "ecr", "get-repository-policy", "--repository-name", "team/app")
                  .err())
          .contains("RepositoryPolicyNotFoundException");
      done(
          ecr.endpoint(),
          "ecr",
          "set-repository-policy",
          "--repository-name",
          "team/app",
          "--policy-text",
          policy);
      assertThat(
              done(ecr.endpoint(), "ecr", "get-repository-policy", "--repository-name", "team/app")
                  .json()
                  .get("policyText")
                  .toString())
          .contains("arn:aws:iam::210987654321:root");
      String rules =
          "{\"rules\":[{\"rulePriority\":1,\"description\":\"old\",\"selection\":{\"tagStatus\":"
              + "\"untagged\",\"countType\":\"sinceImagePushed\",\"countUnit\":\"days\",\"countNumber\":9},"
              + "\"action\":{\"type\":\"expire\"}}]}";
      done(
          ecr.endpoint(),
          "ecr",
          "put-lifecycle-policy",
          "--repository-name",
          "team/app",
          "--lifecycle-policy-text",
          file("rules", rules));
      assertThat(
              done(ecr.endpoint(), "ecr", "get-lifecycle-policy", "--repository-name", "team/app")
                  .json()
                  .get("lifecyclePolicyText"))
          .isEqualTo(rules);
    }
  }

  @Test
  void theTokenOpensTheRegistry() throws IOException, InterruptedException {
    try (EcrServer ecr = EcrServer.start()) {
      String password = done(ecr.endpoint(), "ecr", "get-login-password").out().strip();
      String basic =
          Base64.getEncoder().encodeToString(("AWS:" + password).getBytes(StandardCharsets.UTF_8));
      HttpResponse<Void> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://" + ecr.registry() + "/v2/"))
                      .header("Authorization", "Basic " + basic)
                      .build(),
                  HttpResponse.BodyHandlers.discarding());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(done(ecr.endpoint(), "sts", "get-caller-identity").out()).contains(ecr.account());
    }
  }

  @Test
  void deniedThrottledAndWrongRegionsAreErrorsOfTheCliToo()
      throws IOException, InterruptedException {
    try (EcrServer ecr = EcrServer.builder().region("eu-west-1").start()) {
      assertThat(aws(ecr.endpoint(), "ecr", "describe-repositories").err())
          .contains("InvalidSignatureException");
      ecr.deny("ecr:DescribeRepositories");
      assertThat(aws(ecr.endpoint(), "ecr", "describe-repositories", "--region", "eu-west-1").err())
          .contains("AccessDeniedException")
          .contains("ecr:DescribeRepositories");
      ecr.inject(dev.imagespec.testkit.Fault.throttle("CreateRepository", 9));
      assertThat(
              aws(
                      ecr.endpoint(),
                      "ecr",
                      "create-repository",
                      "--repository-name",
                      "ab",
                      "--region",
                      "eu-west-1")
                  .err())
          .contains("ThrottlingException");
    }
  }

  @Test
  void amazonEcrPublicIsSpokenToo() throws IOException, InterruptedException {
    try (EcrPublicServer server = EcrPublicServer.start("acme")) {
      assertThat(
              done(
                      server.endpoint(),
                      "ecr-public",
                      "create-repository",
                      "--repository-name",
                      "team/app")
                  .out())
          .contains(server.registry() + "/acme/team/app");
      assertThat(done(server.endpoint(), "ecr-public", "describe-registries").out())
          .contains("acme");
      assertThat(done(server.endpoint(), "ecr-public", "describe-repositories").out())
          .contains("team/app");
      assertThat(done(server.endpoint(), "ecr-public", "get-login-password").out().strip())
          .isIn(server.secrets());
    }
  }
}
