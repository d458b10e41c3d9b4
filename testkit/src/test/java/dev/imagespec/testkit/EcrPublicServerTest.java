package dev.imagespec.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EcrPublicServerTest {
  private final EcrPublicServer server = EcrPublicServer.start("acme");
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> send(String method, String path, String bearer)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + server.registry() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (!bearer.isEmpty()) {
      request.header("Authorization", bearer);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void whoeverAsksGetsATokenThatReadsAndDoesNotWrite() throws IOException, InterruptedException {
    HttpResponse<String> challenge = send("GET", "/v2/acme/app/manifests/1", "");
    assertThat(challenge.statusCode()).isEqualTo(401);
    assertThat(challenge.headers().firstValue("WWW-Authenticate").orElse(""))
        .startsWith("Bearer realm=\"http://" + server.registry() + "/token/\"");
    String token =
        send("GET", "/token/?scope=aws", "")
            .body()
            .replaceFirst(".*\"token\":\"([^\"]*)\".*", "$1");
    assertThat(send("GET", "/v2/acme/app/manifests/1", "Bearer " + token).body())
        .contains("NAME_UNKNOWN");
    assertThat(send("POST", "/v2/acme/app/blobs/uploads/", "Bearer " + token).statusCode())
        .isEqualTo(403);
  }

  @Test
  void aWrongCredentialGetsNoTokenAndTheApiWantsASignature()
      throws IOException, InterruptedException {
    assertThat(send("GET", "/token/", "Basic QVdTOng=").statusCode()).isEqualTo(401);
    assertThat(send("POST", "/", "").body()).contains("MissingAuthenticationTokenException");
  }
}
