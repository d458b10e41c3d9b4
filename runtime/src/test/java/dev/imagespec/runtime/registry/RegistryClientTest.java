package dev.imagespec.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.RetryPolicy;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.auth.Credential;
import dev.imagespec.runtime.registry.auth.CredentialSource;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.Journal.Plane;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryClientTest {
  private static final String SECRET = "s3cret-canary";
  private static final String OCI = "application/vnd.oci.image.manifest.v1+json";

  private final List<Duration> waits = new ArrayList<>();

  private RegistryClient client(CredentialSource credentials) {
    return RegistryClient.builder()
        .credentials(credentials)
        .idle(Duration.ofSeconds(2))
        .environment(Map.of())
        .retry(new RetryPolicy(3, waits::add, () -> 1))
        .build();
  }

  private static CredentialSource credential(String user) {
    return registry -> Optional.of(new Credential(user, SECRET));
  }

  private static Repository repository(String registry) {
    return new Repository(Registry.parse(registry), new RepositoryName("team/app"));
  }

  private static BlobSource blob(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new BlobSource() {
      @Override
      public Digest digest() {
        return Digest.of(bytes);
      }

      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }

  private static RawManifest manifest(BlobSource config, BlobSource layer) {
    String json =
        "{\"schemaVersion\":2,\"mediaType\":\""
            + OCI
            + "\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\""
            + config.digest()
            + "\",\"size\":"
            + config.size()
            + "},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\""
            + layer.digest()
            + "\",\"size\":"
            + layer.size()
            + "}]}";
    return RawManifest.of(MediaType.OCI_MANIFEST, json.getBytes(StandardCharsets.UTF_8));
  }

  /** What every registry has to do for us; run against the doubles and against a real one. */
  private void contract(RegistryClient client, String registry) throws IOException {
    Repository app = repository(registry);
    Repository other = new Repository(Registry.parse(registry), new RepositoryName("team/other"));
    BlobSource config = blob("{}");
    BlobSource layer = blob("layer");
    RawManifest manifest = manifest(config, layer);
    assertThat(client.blobs().exists(app, layer.digest())).isFalse();
    client.uploads().upload(app, config);
    client.uploads().upload(app, layer);
    assertThat(client.blobs().exists(app, layer.digest())).isTrue();
    assertThat(client.manifests().get(app, "1")).isEmpty();
    client.manifests().put(app, "1", manifest);
    assertThat(client.manifests().get(app, "1")).hasValue(manifest);
    assertThat(client.manifests().get(app, manifest.digest().toString())).hasValue(manifest);
    assertThat(client.manifests().digest(app, "1")).hasValue(manifest.digest());
    assertThat(client.manifests().digest(app, "2")).isEmpty();
    assertThat(client.blobs().read(app, config.digest(), config.size())).asString().isEqualTo("{}");
    try (InputStream in = client.blobs().source(app, layer.digest(), layer.size()).open()) {
      assertThat(in.readAllBytes()).asString().isEqualTo("layer");
    }
    assertThat(client.uploads().mountOrUpload(other, app, layer)).isTrue();
    assertThat(client.blobs().exists(other, layer.digest())).isTrue();
  }

  private static CredentialSource token(EcrServer ecr) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(ecr.endpoint())
            .header("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken")
            .header("X-Amz-Date", amzDate())
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=x/"
                    + amzDate().substring(0, 8)
                    + "/us-east-1/ecr/aws4_request, SignedHeaders=host;x-amz-date, Signature="
                    + "0".repeat(64))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    String body =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    String token = body.replaceFirst("(?s).*\"authorizationToken\":\"([^\"]*)\".*", "$1");
    String pair = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
    return registry -> Optional.of(new Credential("AWS", pair.substring(4)));
  }

  private static String amzDate() {
    return java.time.format.DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
        .withZone(java.time.ZoneOffset.UTC)
        .format(java.time.Instant.now());
  }

  @Test
  void theContractHoldsForEcr() throws IOException, InterruptedException {
    try (EcrServer ecr = EcrServer.start();
        RegistryClient client = client(token(ecr))) {
      ecr.createRepository("team/app", false);
      ecr.createRepository("team/other", false);
      contract(client, ecr.registry());
      assertThat(ecr.journal().count("PATCH upload")).isZero();
      assertThat(ecr.journal().count("POST upload")).isEqualTo(2);
      assertThat(ecr.journal().count("PUT blob")).isEqualTo(2);
      assertThat(ecr.journal().count(e -> e.plane() == Plane.BLOBS)).isEqualTo(2);
      assertThat(ecr.journal().count(e -> e.plane() == Plane.BLOBS && e.authorized())).isZero();
      assertThat(ecr.journal().connections(Plane.DATA))
          .as("reused; the JDK may open a second one before it has put the first back")
          .isLessThanOrEqualTo(2);
    }
  }

  @Test
  void theContractHoldsForAnonymousBasicAndBearerRegistries() throws IOException {
    try (RegistryServer anonymous = RegistryServer.anonymous();
        RegistryServer basic = RegistryServer.basic("me", SECRET);
        RegistryServer bearer = RegistryServer.bearer("me", SECRET);
        RegistryClient nobody = client(registry -> Optional.empty());
        RegistryClient me = client(credential("me"))) {
      contract(nobody, anonymous.registry());
      contract(me, basic.registry());
      contract(me, bearer.registry());
      assertThat(basic.journal().count(e -> e.status() == 401)).as("sent ahead").isZero();
      assertThat(bearer.journal().count(e -> e.plane() == Plane.DATA && e.status() == 401))
          .as("one challenge")
          .isEqualTo(1);
      assertThat(bearer.journal().count("GET token")).as("one per scope").isLessThanOrEqualTo(5);
    }
  }

  @Test
  void anIdentityTokenIsExchangedAndNeverShownToTheRegistry() throws IOException {
    try (RegistryServer server = RegistryServer.bearer("me", SECRET);
        RegistryClient client = client(registry -> Optional.of(Credential.identityToken(SECRET)))) {
      contract(client, server.registry());
      assertThat(server.journal().count("POST token")).isPositive();
      assertThat(server.journal().count("GET token")).isZero();
      assertThat(server.journal().entries().get(0).authorized()).as("not sent ahead").isFalse();
    }
  }

  @Test
  void tagsAreReadPageByPage() {
    try (RegistryServer server = RegistryServer.bearer("me", SECRET);
        RegistryClient client = client(credential("me"))) {
      assertThat(client.tags().list(repository(server.registry()))).isEmpty();
      List<String> pushed = new ArrayList<>();
      for (int i = 100; i < 350; i++) {
        server.push("team/app", "t" + i, TestImage.small());
        pushed.add("t" + i);
      }
      assertThat(client.tags().list(repository(server.registry()))).hasValue(pushed);
      assertThat(server.journal().count(e -> e.operation().equals("GET tags") && e.status() == 200))
          .isEqualTo(3);
    }
  }

  @Test
  void aManifestThatStandsElsewhereIsReadThereWithoutTheCredential() {
    try (RegistryServer server = RegistryServer.basic("me", SECRET);
        RegistryServer store = RegistryServer.anonymous();
        RegistryClient client = client(credential("me"))) {
      store.push("team/app", "1", TestImage.small());
      for (String operation : List.of("GET manifest", "HEAD manifest")) {
        server.inject(
            Fault.respond(
                operation,
                2,
                307,
                "",
                Map.of("Location", "http://" + store.registry() + "/v2/team/app/manifests/1")));
      }
      assertThat(client.manifests().digest(repository(server.registry()), "1"))
          .hasValue(TestImage.small().digest());
      assertThat(store.journal().entries()).hasSize(1).noneMatch(e -> e.authorized());
    }
  }

  @Test
  void theContractHoldsForDebiansRegistry(@TempDir Path dir) throws IOException {
    Optional<String> missing = ExternalTool.missing("docker-registry");
    assumeTrue(missing.isEmpty(), missing.orElse(""));
    try (DockerRegistry registry = DockerRegistry.start(dir);
        RegistryClient client = client(r -> Optional.empty())) {
      contract(client, registry.registry());
    }
  }

  private static void fails(FailureCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              for (Throwable t = e; t != null; t = t.getCause()) {
                assertThat(t.toString()).doesNotContain(SECRET);
              }
            });
  }

  @Test
  void throttlingIsRetriedAndThenSaid() {
    try (RegistryServer server = RegistryServer.anonymous();
        RegistryClient client = client(r -> Optional.empty())) {
      server.inject(Fault.throttle("HEAD blob", 9));
      fails(
          FailureCode.THROTTLED,
          () -> client.blobs().exists(repository(server.registry()), Digest.of(new byte[0])));
      assertThat(server.journal().count("HEAD blob")).isEqualTo(3);
      assertThat(waits).containsExactly(Duration.ofMillis(400), Duration.ofMillis(800));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, DIGEST_INVALID",
    "400, SIZE_INVALID",
    "400, BLOB_UPLOAD_INVALID",
    "404, BLOB_UPLOAD_UNKNOWN",
    "416, ''"
  })
  void anUploadThatTheRegistrySpoilsIsBegunAgain(int status, String code) {
    String body = "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"spoiled\"}]}";
    BlobSource layer = blob("layer");
    try (RegistryServer server = RegistryServer.anonymous();
        RegistryClient client = client(r -> Optional.empty())) {
      Repository app = repository(server.registry());
      server.inject(Fault.respond("PUT blob", 2, status, body, Map.of()));
      client.uploads().upload(app, layer);
      assertThat(server.blob("team/app", layer.digest())).isPresent();
      assertThat(server.journal().count("POST upload")).as("a new one each time").isEqualTo(3);

      server.inject(Fault.respond("PUT blob", 99, status, body, Map.of()));
      fails(FailureCode.PROTOCOL, () -> client.uploads().upload(app, blob("other")));
      assertThat(server.journal().count("PUT blob")).as("not for ever").isEqualTo(6);
    }
  }

  @Test
  void aManifestIsSentAgainWhileTheRegistryStillWritesItsBlobs() {
    String body = "{\"errors\":[{\"code\":\"DIGEST_INVALID\",\"message\":\"half written\"}]}";
    BlobSource config = blob("{}");
    BlobSource layer = blob("layer");
    try (RegistryServer server = RegistryServer.anonymous();
        RegistryClient client = client(r -> Optional.empty())) {
      Repository app = repository(server.registry());
      client.uploads().upload(app, config);
      client.uploads().upload(app, layer);
      RawManifest manifest = manifest(config, layer);
      server.inject(Fault.respond("PUT manifest", 2, 400, body, Map.of()));
      client.manifests().put(app, "1", manifest);
      assertThat(client.manifests().get(app, "1")).hasValue(manifest);
      assertThat(server.journal().count("PUT manifest")).isEqualTo(3);

      server.inject(Fault.respond("PUT manifest", 99, 400, body, Map.of()));
      fails(FailureCode.PROTOCOL, () -> client.manifests().put(app, "2", manifest));
      assertThat(server.journal().count("PUT manifest")).as("not for ever").isEqualTo(6);
    }
  }

  @Test
  void anUploadThatIsRefusedForAnotherReasonIsNotBegunAgain() {
    try (RegistryServer server = RegistryServer.anonymous();
        RegistryClient client = client(r -> Optional.empty())) {
      server.inject(
          Fault.respond("PUT blob", 99, 400, "{\"errors\":[{\"code\":\"NO\"}]}", Map.of()));
      Repository app = repository(server.registry());
      fails(FailureCode.PROTOCOL, () -> client.uploads().upload(app, blob("layer")));
      assertThat(server.journal().count("PUT blob")).isEqualTo(1);
    }
  }

  @Test
  void retryAfterIsHonouredUpToABound() {
    try (RegistryServer server = RegistryServer.anonymous();
        RegistryClient client = client(r -> Optional.empty())) {
      server.inject(Fault.respond("HEAD blob", 1, 503, "", Map.of("Retry-After", "3")));
      client.blobs().exists(repository(server.registry()), Digest.of(new byte[0]));
      server.inject(Fault.respond("HEAD blob", 1, 503, "", Map.of("Retry-After", "99999")));
      client.blobs().exists(repository(server.registry()), Digest.of(new byte[0]));
      assertThat(waits).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(30));
    }
  }

  @Test
  void aHangingAnswerIsGivenUp() {
    try (RegistryServer server = RegistryServer.anonymous();
        RegistryClient client = client(r -> Optional.empty())) {
      server.inject(Fault.hang("HEAD blob", 9));
      fails(
          FailureCode.UNREACHABLE,
          () -> client.blobs().exists(repository(server.registry()), Digest.of(new byte[0])));
    }
  }

  @Test
  void aWrongPasswordIsToldFromAMissingOne() {
    try (RegistryServer server = RegistryServer.basic("me", "other");
        RegistryClient wrong = client(credential("me"));
        RegistryClient none = client(r -> Optional.empty())) {
      Repository app = repository(server.registry());
      fails(FailureCode.UNAUTHORIZED, () -> wrong.blobs().exists(app, Digest.of(new byte[0])));
      assertThatThrownBy(() -> wrong.blobs().exists(app, Digest.of(new byte[0])))
          .hasMessageContaining("refuses");
      assertThatThrownBy(() -> none.blobs().exists(app, Digest.of(new byte[0])))
          .hasMessageContaining("wants");
    }
  }

  @Test
  void aRedirectedReaderShowsNoCredential() {
    try (RegistryServer server = RegistryServer.basic("me", SECRET);
        RegistryServer store = RegistryServer.anonymous();
        RegistryClient client = client(credential("me"))) {
      store.push("team/app", "1", TestImage.small());
      Digest digest = TestImage.small().blobDigests().get(0);
      server.push("team/app", "1", TestImage.small());
      server.inject(
          Fault.respond(
              "GET blob",
              1,
              307,
              "",
              Map.of("Location", "http://" + store.registry() + "/v2/team/app/blobs/" + digest)));
      client.blobs().read(repository(server.registry()), digest, -1);
      assertThat(store.journal().entries())
          .singleElement()
          .satisfies(e -> assertThat(e.authorized()).isFalse());
    }
  }
}
