package dev.imagespec.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EcrServerTest {
  private final String date =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
          .withZone(ZoneOffset.UTC)
          .format(Instant.now());

  private final EcrServer ecr = EcrServer.start();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    ecr.close();
  }

  private HttpResponse<String> api(String operation, String body, boolean signed)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(ecr.endpoint())
            .header("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921." + operation)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (signed) {
      request.header("X-Amz-Date", date);
      request.header(
          "Authorization",
          "AWS4-HMAC-SHA256 Credential=x/"
              + date.substring(0, 8)
              + "/us-east-1/ecr/aws4_request, SignedHeaders=host;x-amz-date, Signature="
              + "0".repeat(64));
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> data(String method, String path, String body)
      throws IOException, InterruptedException {
    String token =
        api("GetAuthorizationToken", "{}", true)
            .body()
            .replaceFirst("(?s).*\"authorizationToken\":\"([^\"]*)\".*", "$1");
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + ecr.registry() + path))
            .header("Authorization", "Basic " + token)
            .header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void anUnsignedRequestIsRefused() throws IOException, InterruptedException {
    assertThat(api("GetAuthorizationToken", "{}", false).body())
        .contains("MissingAuthenticationTokenException");
  }

  @Test
  void unknownOperationsAndDeniedOnesSaySo() throws IOException, InterruptedException {
    assertThat(api("Nonsense", "{}", true).body()).contains("UnknownOperationException");
    ecr.deny("ecr:CreateRepository");
    assertThat(api("CreateRepository", "{\"repositoryName\":\"ab\"}", true).body())
        .contains("AccessDeniedException")
        .contains("ecr:CreateRepository");
  }

  @Test
  void repositoriesAreCreatedOnceAndByTheGrammar() throws IOException, InterruptedException {
    String request = "{\"repositoryName\":\"ab\",\"imageTagMutability\":\"IMMUTABLE\"}";
    assertThat(api("CreateRepository", request, true).body()).contains("\"IMMUTABLE\"");
    assertThat(api("CreateRepository", request, true).body())
        .contains("RepositoryAlreadyExistsException");
    assertThat(api("CreateRepository", "{\"repositoryName\":\"A\"}", true).body())
        .contains("InvalidParameterException");
    assertThat(api("DescribeRepositories", "{}", true).body()).contains("repository/ab");
  }

  @Test
  void policiesAreKept() throws IOException, InterruptedException {
    ecr.createRepository("ab", false);
    assertThat(api("GetRepositoryPolicy", "{\"repositoryName\":\"ab\"}", true).body())
        .contains("RepositoryPolicyNotFoundException");
    assertThat(
            api("SetRepositoryPolicy", "{\"repositoryName\":\"ab\",\"policyText\":\"p\"}", true)
                .body())
        .contains("InvalidParameterException");
    String policy =
        "{'Statement':{'Sid':'x','Effect':'Allow','Principal':{'AWS':['210987654321']},'Action':'*'}}"
            .replace("'", "\\\"");
    api(
        "SetRepositoryPolicy",
        "{\"repositoryName\":\"ab\",\"policyText\":\"" + policy + "\"}",
        true);
    assertThat(api("GetRepositoryPolicy", "{\"repositoryName\":\"ab\"}", true).body())
        .as("an account is its root")
        .contains("arn:aws:iam::210987654321:root");
  }

  @Test
  void lifecyclePoliciesThatCannotWorkAreRefused() throws IOException, InterruptedException {
    ecr.createRepository("ab", false);
    String rules =
        "{'rules':[{'rulePriority':1,'selection':{'tagStatus':'any','countType':'imageCountMoreThan',"
            + "'countNumber':9},'action':{'type':'expire'}},{'rulePriority':2,'selection':{"
            + "'tagStatus':'untagged'},'action':{'type':'expire'}}]}";
    assertThat(
            api(
                    "PutLifecyclePolicy",
                    "{\"repositoryName\":\"ab\",\"lifecyclePolicyText\":\""
                        + rules.replace("'", "\\\"")
                        + "\"}",
                    true)
                .body())
        .contains("InvalidParameterException")
        .contains("has to come last");
  }

  @Test
  void excludedTagsOfAnImmutableRepositoryMayBeMoved() throws IOException, InterruptedException {
    api(
        "CreateRepository",
        "{\"repositoryName\":\"ab\",\"imageTagMutability\":\"IMMUTABLE_WITH_EXCLUSION\","
            + "\"imageTagMutabilityExclusionFilters\":[{\"filterType\":\"WILDCARD\",\"filter\":\"dev-*\"}]}",
        true);
    ecr.push("ab", "dev-1", TestImage.small());
    ecr.push("ab", "v1", TestImage.small());
    String manifest = ecr.manifest("ab", "v1").orElseThrow();
    assertThat(data("PUT", "/v2/ab/manifests/dev-1", manifest).statusCode()).isEqualTo(201);
    assertThat(data("PUT", "/v2/ab/manifests/v1", manifest).statusCode()).isEqualTo(400);
  }

  @Test
  void aLimitIsOfEachSecond() {
    long[] now = {0};
    Fault limit = Fault.limit("PUT manifest", 2, () -> now[0]);
    assertThat(limit.strikes("PUT manifest")).isFalse();
    assertThat(limit.strikes("GET manifest")).isFalse();
    now[0] = 500_000_000;
    assertThat(limit.strikes("PUT manifest")).isFalse();
    assertThat(limit.strikes("PUT manifest")).isTrue();
    now[0] = 1_000_000_000;
    assertThat(limit.strikes("PUT manifest")).isFalse();
    assertThat(limit.strikes("PUT manifest")).isTrue();
  }

  @Test
  void archivedImagesAreListedButNotGiven() throws IOException, InterruptedException {
    ecr.push("ab", "1", TestImage.small());
    ecr.archive("ab", "1");
    assertThat(
            api(
                    "BatchGetImage",
                    "{\"repositoryName\":\"ab\",\"imageIds\":[{\"imageTag\":\"1\"}]}",
                    true)
                .body())
        .contains("ImageInaccessible");
    assertThat(api("DescribeImages", "{\"repositoryName\":\"ab\"}", true).body())
        .contains("ARCHIVED");
    assertThat(data("GET", "/v2/ab/manifests/1", "").statusCode()).isEqualTo(404);
  }

  @Test
  void whoHasNoTokenIsToldAsEcrDoes() throws IOException, InterruptedException {
    HttpResponse<String> refused =
        http.send(
            HttpRequest.newBuilder(URI.create("http://" + ecr.registry() + "/v2/")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).isEqualTo("Not Authorized");
    assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
        .startsWith("Basic realm=");
  }

  @Test
  void aMissingRepositoryIsNameUnknown() throws IOException, InterruptedException {
    assertThat(data("POST", "/v2/none/blobs/uploads/", "").body()).contains("NAME_UNKNOWN");
  }

  @Test
  void aTagIsImmutableForAnEqualDigestToo() throws IOException, InterruptedException {
    ecr.push("ab", "1", TestImage.small());
    String manifest = ecr.manifest("ab", "1").orElseThrow();
    HttpResponse<String> again = data("PUT", "/v2/ab/manifests/1", manifest);
    assertThat(again.statusCode()).isEqualTo(400);
    assertThat(again.body()).contains("TAG_INVALID").contains("immutable");
  }

  @Test
  void aManifestWhoseBlobsAreMissingIsRefused() throws IOException, InterruptedException {
    ecr.push("ab", "1", TestImage.small());
    ecr.createRepository("cd", false);
    assertThat(data("PUT", "/v2/cd/manifests/1", ecr.manifest("ab", "1").orElseThrow()).body())
        .contains("BLOB_UNKNOWN");
  }

  @Test
  void patchAnswers201AndDropsLaterChunks() throws IOException, InterruptedException {
    ecr.createRepository("ab", false);
    String location =
        URI.create(
                data("POST", "/v2/ab/blobs/uploads/", "")
                    .headers()
                    .firstValue("Location")
                    .orElse(""))
            .getPath();
    assertThat(data("PATCH", location, "one").statusCode()).isEqualTo(201);
    assertThat(data("PATCH", location, "two").statusCode()).isEqualTo(201);
    Digest first = Digest.of("one".getBytes(StandardCharsets.UTF_8));
    assertThat(data("PUT", location + "?digest=" + first, "").statusCode()).isEqualTo(201);
  }

  @Test
  void theBlobStoreRefusesWhoeverShowsACredential() throws IOException, InterruptedException {
    ecr.push("ab", "1", TestImage.small());
    String blob = "/v2/ab/blobs/" + TestImage.small().blobDigests().get(0);
    URI store = URI.create(data("GET", blob, "").headers().firstValue("Location").orElse(""));
    assertThat(
            http.send(
                    HttpRequest.newBuilder(store).build(), HttpResponse.BodyHandlers.ofByteArray())
                .statusCode())
        .isEqualTo(200);
    String basic = Base64.getEncoder().encodeToString("a:b".getBytes(StandardCharsets.UTF_8));
    assertThat(
            http.send(
                    HttpRequest.newBuilder(store).header("Authorization", "Basic " + basic).build(),
                    HttpResponse.BodyHandlers.ofByteArray())
                .statusCode())
        .isEqualTo(400);
  }
}
