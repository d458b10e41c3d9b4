package dev.imagespec.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.auth.Credential;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.Journal;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of registries that are not quite those of the specification, but mean no harm. */
@Timeout(60)
class LenientRegistryTest {
  private static final TestImage IMAGE = TestImage.small();

  private final RegistryServer open = RegistryServer.anonymous();
  private final RegistryServer tokens = RegistryServer.bearer("me", "secret");
  private final RegistryClient client =
      new FastClient()
          .builder()
          .credentials(registry -> Optional.of(new Credential("me", "secret")))
          .build();

  @AfterEach
  void stop() {
    client.close();
    open.close();
    tokens.close();
  }

  private static Repository repository(RegistryServer server, String name) {
    return new Repository(Registry.parse(server.registry()), new RepositoryName(name));
  }

  private RawManifest image() {
    open.push("team/source", "1", IMAGE);
    return client.manifests().get(repository(open, "team/source"), "1").orElseThrow();
  }

  private static BlobSource blob(String text) {
    return BlobSource.of(text.getBytes(StandardCharsets.UTF_8));
  }

  // Tokens

  @Test
  void aRepositoryThatOnlyAPushTokenOpensIsPushedTo() {
    tokens.admit((path, scopes) -> scopes.contains("push"));
    Repository app = repository(tokens, "team/app");
    client.expectPush(app);
    assertThat(client.manifests().digest(app, "1")).isEmpty();
    assertThat(client.blobs().exists(app, blob("x").digest())).isFalse();
    client.uploads().upload(app, blob("x"));
    assertThat(client.blobs().exists(app, blob("x").digest())).isTrue();
    assertThat(tokens.journal().count("GET token")).as("each scope once or twice").isLessThan(6);
  }

  @Test
  void aTokenServerThatGivesNoTokenToPullFromWhatIsNotThereIsAskedForOneToPush() {
    tokens.grant(scopes -> scopes.contains("push"));
    Repository app = repository(tokens, "team/app");
    client.expectPush(app);
    assertThat(client.manifests().digest(app, "1")).isEmpty();
  }

  @Test
  void whatIsOnlyReadIsNeverAskedForWithThePermissionToPush() {
    tokens.admit((path, scopes) -> scopes.contains("push"));
    assertThatThrownBy(() -> client.manifests().get(repository(tokens, "team/base"), "1"))
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.UNAUTHORIZED));
    assertThat(tokens.journal().entries())
        .filteredOn(entry -> entry.plane() == Journal.Plane.TOKEN)
        .isNotEmpty()
        .noneMatch(entry -> entry.path().contains("push"));
  }

  @Test
  void aGatewayThatRenamesRepositoriesIsAskedInItsOwnWords() {
    tokens.scope("repository:cache/team/app:pull");
    tokens.grant(scopes -> scopes.equals("repository:cache/team/app:pull"));
    tokens.push("team/app", "1", IMAGE);
    assertThat(client.manifests().get(repository(tokens, "team/app"), "1")).isPresent();
  }

  @Test
  void aScopeThatIsOnlyAnExampleDoesNotReplaceTheRequests() {
    tokens.scope("repository:user/image:pull");
    tokens.admit((path, scopes) -> scopes.contains("repository:team/app:pull"));
    tokens.push("team/app", "1", IMAGE);
    assertThat(client.manifests().get(repository(tokens, "team/app"), "1")).isPresent();
  }

  @Test
  void basicOnOnePathAndBearerOnAnotherAreBothAnswered() {
    tokens.push("team/app", "1", IMAGE);
    tokens.push("team/other", "1", IMAGE);
    Repository app = repository(tokens, "team/app");
    for (int i = 0; i < 2; i++) {
      assertThat(client.manifests().get(app, "1")).isPresent();
      tokens.inject(
          Fault.respond(
              "GET manifest", 1, 401, "{}", Map.of("WWW-Authenticate", "Basic realm=\"x\"")));
      assertThat(client.manifests().get(repository(tokens, "team/other"), "1")).isPresent();
    }
  }

  // Mounts

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405, 415, 500, 501})
  void aMountThatIsRefusedIsAnUpload(int status) {
    image();
    open.inject(Fault.respond("MOUNT", 99, status, "{}", Map.of()));
    Repository app = repository(open, "team/app");
    assertThat(
            client.uploads().mountOrUpload(app, repository(open, "team/source"), blob("content")))
        .isFalse();
    assertThat(client.blobs().exists(app, blob("content").digest())).isTrue();
    assertThat(open.journal().count("MOUNT")).isEqualTo(1);
  }

  @Test
  void aTokenServerThatGivesNoTokenForTwoRepositoriesCostsOneMount() {
    tokens.grant(scopes -> !scopes.contains(" "));
    tokens.push("team/source", "1", IMAGE);
    Repository app = repository(tokens, "team/app");
    Repository source = repository(tokens, "team/source");
    for (String text : new String[] {"one", "two", "three"}) {
      assertThat(client.uploads().mountOrUpload(app, source, blob(text))).isFalse();
      assertThat(client.blobs().exists(app, blob(text).digest())).isTrue();
    }
    assertThat(tokens.journal().count("MOUNT")).isEqualTo(1);
  }

  // Forms of answers

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204})
  void anyStatusOfSuccessTakesAManifest(int status) {
    RawManifest image = image();
    open.inject(Fault.replace("PUT manifest", 1, status, ""));
    client.manifests().put(repository(open, "team/source"), "2", image);
    assertThat(client.manifests().digest(repository(open, "team/source"), "2"))
        .hasValue(image.digest());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ID",
        "../../blobs/uploads/ID",
        "/v2/team/app/blobs/uploads/ID?a=x|y",
        "ID?state={\"a\":1}",
        "ID#part",
        "http://HOST/v2/team/app/blobs/uploads/ID?b=^"
      })
  void anUploadGoesToAnyFormOfALocation(String form) {
    Repository app = repository(open, "team/app");
    String id = startUpload();
    open.inject(
        Fault.respond(
            "POST upload",
            1,
            202,
            "",
            Map.of("Location", form.replace("ID", id).replace("HOST", open.registry()))));
    client.uploads().upload(app, blob("content"));
    assertThat(client.blobs().exists(app, blob("content").digest())).isTrue();
  }

  /** The name of an upload that is open. */
  private String startUpload() {
    try {
      String location =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://" + open.registry() + "/v2/team/app/blobs/uploads/"))
                      .POST(HttpRequest.BodyPublishers.noBody())
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .headers()
              .firstValue("Location")
              .orElseThrow();
      return location.substring(location.lastIndexOf('/') + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"307, POST upload", "308, POST upload", "307, PUT blob", "307, PUT manifest"})
  void aWriterIsSentOnWithinItsRegistry(int status, String operation) {
    RawManifest image = image();
    Repository source = repository(open, "team/source");
    String moved = "/v2/team/source/manifests/2";
    if (operation.equals("POST upload")) {
      moved = "/v2/team/source/blobs/uploads/";
    } else if (operation.equals("PUT blob")) {
      moved = "/v2/team/app/blobs/uploads/" + startUpload() + "?digest=" + blob("content").digest();
    }
    open.inject(Fault.respond(operation, 1, status, "", Map.of("Location", moved)));
    client.uploads().upload(source, blob("content"));
    client.manifests().put(source, "2", image);
    assertThat(client.manifests().digest(source, "2")).hasValue(image.digest());
    assertThat(
            client.blobs().exists(source, blob("content").digest())
                || client.blobs().exists(repository(open, "team/app"), blob("content").digest()))
        .isTrue();
  }

  @Test
  void aWriterIsNotSentToAnotherHost() {
    try (RegistryServer other = RegistryServer.anonymous()) {
      String elsewhere = "http://" + other.registry() + "/v2/team/app/blobs/uploads/";
      open.inject(Fault.respond("POST upload", 9, 307, "", Map.of("Location", elsewhere)));
      assertThatThrownBy(
              () -> client.uploads().upload(repository(open, "team/app"), blob("content")))
          .hasMessageContaining("another host");
      assertThat(other.journal().entries()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "application/octet-stream",
        ""
      })
  void aManifestIsReadByItsOwnTypeAndFieldsWhereTheAnswerDoesNotSay(String type) {
    RawManifest image = image();
    Repository source = repository(open, "team/source");
    String json = new String(image.bytes(), StandardCharsets.UTF_8);
    open.inject(Fault.respond("GET manifest", 1, 200, json, Map.of("Content-Type", type)));
    assertThat(client.manifests().get(source, "1")).hasValue(image);

    String untyped =
        "{\"schemaVersion\":2,\"config\":{\"digest\":\""
            + image.digest()
            + "\",\"size\":1},"
            + "\"layers\":[]}";
    open.inject(Fault.respond("GET manifest", 1, 200, untyped, Map.of("Content-Type", type)));
    assertThat(client.manifests().get(source, "1").orElseThrow().mediaType())
        .isEqualTo(MediaType.OCI_MANIFEST);
    open.inject(
        Fault.respond("GET manifest", 1, 200, "{\"manifests\":[]}", Map.of("Content-Type", type)));
    assertThat(client.manifests().get(source, "1").orElseThrow().mediaType())
        .isEqualTo(MediaType.OCI_INDEX);
  }

  @ParameterizedTest
  @ValueSource(ints = {405, 501})
  void whereHeadIsUnknownGetIsAsked(int status) {
    RawManifest image = image();
    Repository source = repository(open, "team/source");
    open.inject(Fault.respond("HEAD manifest", 9, status, "", Map.of()));
    open.inject(Fault.respond("HEAD blob", 9, status, "", Map.of()));
    assertThat(client.manifests().digest(source, "1")).hasValue(image.digest());
    assertThat(client.manifests().digest(source, "2")).isEmpty();
    assertThat(client.blobs().exists(source, IMAGE.blobDigests().get(0))).isTrue();
    assertThat(client.blobs().exists(source, Digest.of(new byte[7]))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"403, DENIED", "401, UNAUTHORIZED"})
  void aTagThatIsNotShownMayNotBeThereOrMayBeForbidden(int status, FailureCode code) {
    open.inject(Fault.respond("HEAD manifest", 9, status, "", Map.of()));
    open.inject(Fault.respond("GET manifest", 9, status, "", Map.of()));
    assertThatThrownBy(() -> client.manifests().get(repository(open, "team/app"), "1"))
        .isInstanceOfSatisfying(ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining("does not exist")
        .hasMessageContaining("the credential may not read it");
  }

  @Test
  void aBodyThatIsTooLongIsSaidWithItsSizeAndTheUsualLimit() {
    open.inject(Fault.respond("PUT blob", 9, 413, "<html>", Map.of()));
    assertThatThrownBy(() -> client.uploads().upload(repository(open, "team/app"), blob("content")))
        .hasMessageContaining("7 bytes")
        .hasMessageContaining("413")
        .hasMessageContaining("client_max_body_size");
  }

  @Test
  void nullsInAnAnswerAreAbsences() {
    tokens.inject(
        Fault.respond("GET token", 1, 200, "{\"token\":null,\"access_token\":\"abc\"}", Map.of()));
    assertThatThrownBy(() -> client.manifests().get(repository(tokens, "team/app"), "1"))
        .hasMessageContaining("refuses the credential")
        .hasMessageNotContaining("null");
    tokens.journal().clear();
    open.inject(
        Fault.respond(
            "GET manifest", 9, 400, "{\"errors\":[{\"code\":null,\"message\":null}]}", Map.of()));
    assertThatThrownBy(() -> client.manifests().get(repository(open, "team/app"), "1"))
        .hasMessageNotContaining("null");
  }
}
