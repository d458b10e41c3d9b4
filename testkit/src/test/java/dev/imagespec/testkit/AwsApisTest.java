package dev.imagespec.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Amazon ECS, AWS Batch and AWS Lambda at the address of the embedded ECR. */
class AwsApisTest {
  private static final String FUNCTIONS = "/2015-03-31/functions";

  private final String date =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
          .withZone(ZoneOffset.UTC)
          .format(Instant.now());

  private final EcrServer aws = EcrServer.start();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    aws.close();
  }

  private HttpResponse<String> send(
      String service, String method, String path, String target, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(aws.endpoint() + path))
            .header("X-Amz-Date", date)
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=x/"
                    + date.substring(0, 8)
                    + "/us-east-1/"
                    + service
                    + "/aws4_request, SignedHeaders=host;x-amz-date, Signature="
                    + "0".repeat(64))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!target.isEmpty()) {
      request.header("X-Amz-Target", "AmazonEC2ContainerServiceV20141113." + target);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String ecs(String operation, String body) throws IOException, InterruptedException {
    return send("ecs", "POST", "/", operation, body).body();
  }

  private HttpResponse<String> lambda(String method, String path, String body)
      throws IOException, InterruptedException {
    return send("lambda", method, FUNCTIONS + path, "", body);
  }

  private String function(String image) {
    return "{\"FunctionName\":\"f\",\"Role\":\"arn:aws:iam::123456789012:role/r\","
        + "\"PackageType\":\"Image\",\"Publish\":true,\"Code\":{\"ImageUri\":\""
        + image
        + "\"}}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"family\":\"f\"} | containerDefinitions is missing",
        "{\"family\":1,\"containerDefinitions\":[]} | RegisterTaskDefinition.family is no string",
        "{\"family\":\"f\",\"containerDefinitions\":[{\"imag\":\"x\"}]}"
            + " | containerDefinitions[] has no member imag",
        "{\"family\":\"f\",\"containerDefinitions\":[],\"networkMode\":\"moon\"} | is no enum",
        "{\"family\":\"f\",\"containerDefinitions\":[]} | should not be empty"
      })
  void aRequestOfAnotherShapeIsRefused(String body, String message)
      throws IOException, InterruptedException {
    assertThat(ecs("RegisterTaskDefinition", body)).contains(message);
    assertThat(aws.ecs().revisions("f")).isZero();
  }

  @Test
  void eachRegistrationIsANewRevisionAndTagsAreToldOnDemand()
      throws IOException, InterruptedException {
    String task =
        "{\"family\":\"f\",\"containerDefinitions\":[{\"name\":\"a\",\"image\":\"x\"}],"
            + "\"tags\":[{\"key\":\"k\",\"value\":\"v\"}]}";
    assertThat(ecs("RegisterTaskDefinition", task)).contains("task-definition/f:1");
    assertThat(ecs("RegisterTaskDefinition", task)).contains("task-definition/f:2");
    assertThat(ecs("DescribeTaskDefinition", "{\"taskDefinition\":\"f\"}"))
        .contains("f:2")
        .doesNotContain("\"tags\"");
    assertThat(ecs("DescribeTaskDefinition", "{\"taskDefinition\":\"f\",\"include\":[\"TAGS\"]}"))
        .contains("\"key\":\"k\"");
    aws.ecs().deregister("f", 2);
    assertThat(ecs("DescribeTaskDefinition", "{\"taskDefinition\":\"f\"}")).contains("f:1\"");
    assertThat(ecs("DescribeTaskDefinition", "{\"taskDefinition\":\"g\"}"))
        .contains("Unable to describe task definition.");
    assertThat(ecs("Nonsense", "{}")).contains("UnknownOperationException");
  }

  @Test
  void aFunctionTakesTheManifestOfOnePlatformThatIsThere()
      throws IOException, InterruptedException {
    TestImage index =
        TestImage.builder().layer("a", "b").platforms("linux/amd64", "linux/arm64").build();
    aws.push("team/app", "many", index);
    aws.push("team/app", "one", TestImage.small());
    String repository = aws.registry() + "/team/app";
    assertThat(lambda("POST", "", function(repository + "@" + index.digest())).body())
        .contains("is not supported");
    assertThat(lambda("POST", "", function(repository + ":none")).body())
        .contains("does not exist");
    HttpResponse<String> created = lambda("POST", "", function(repository + ":one"));
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(aws.lambda().image("f")).isEqualTo(repository + "@" + TestImage.small().digest());
    assertThat(lambda("POST", "", function(repository + ":one")).statusCode()).isEqualTo(409);
  }

  @Test
  void aFunctionIsBusyForAWhileAndAVersionIsPublishedOnlyOfAChange()
      throws IOException, InterruptedException {
    aws.push("team/app", "one", TestImage.small());
    lambda("POST", "", function(aws.registry() + "/team/app:one"));
    assertThat(lambda("PUT", "/f/configuration", "{\"Timeout\":9}").body())
        .contains("An update is in progress");
    assertThat(lambda("GET", "/f", "").body()).contains("\"State\":\"Pending\"");
    assertThat(lambda("GET", "/f", "").body()).contains("\"State\":\"Active\"");
    assertThat(lambda("POST", "/f/versions", "{}").body()).contains("\"Version\":\"1\"");
    assertThat(lambda("PUT", "/f/configuration", "{\"Timeout\":9,\"RevisionId\":\"old\"}").body())
        .contains("PreconditionFailedException");
    assertThat(lambda("PUT", "/f/configuration", "{\"Timeout\":9}").statusCode()).isEqualTo(200);
    lambda("GET", "/f", "");
    lambda("GET", "/f", "");
    assertThat(lambda("POST", "/f/versions", "{}").body()).contains("\"Version\":\"2\"");
    assertThat(lambda("POST", "/f/aliases", "{\"Name\":\"a\",\"FunctionVersion\":\"3\"}").body())
        .contains("ResourceNotFoundException");
    assertThat(lambda("GET", "/g", "").statusCode()).isEqualTo(404);
  }

  @Test
  void jobDefinitionsComeInPages() throws IOException, InterruptedException {
    String job =
        "{\"jobDefinitionName\":\"j\",\"type\":\"container\",\"containerProperties\":{\"image\":\"x\"}}";
    for (int i = 0; i < 4; i++) {
      send("batch", "POST", "/v1/registerjobdefinition", "", job);
    }
    assertThat(
            send(
                    "batch",
                    "POST",
                    "/v1/describejobdefinitions",
                    "",
                    "{\"jobDefinitionName\":\"j\",\"status\":\"ACTIVE\"}")
                .body())
        .contains("j:1\"", "j:3\"", "nextToken")
        .doesNotContain("j:4\"");
  }

  @Test
  void whatIsDeniedIsDenied() throws IOException, InterruptedException {
    aws.deny("lambda:GetFunction");
    aws.deny("iam:PassRole");
    HttpResponse<String> denied = lambda("GET", "/f", "");
    assertThat(denied.statusCode()).isEqualTo(403);
    assertThat(denied.body()).contains("not authorized to perform: lambda:GetFunction");
    assertThat(lambda("POST", "", function("x")).body())
        .contains("iam:PassRole on resource: arn:aws:iam::123456789012:role/r");
  }
}
