package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.registrar.flyte.connect.TestServer.Request;
import dev.imagespec.registrar.flyte.connect.TestServer.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What a Flyte has that gives tokens and asks for them, of either version. */
final class Flyte implements AutoCloseable {
  static final String CLIENT = "ci:robot";
  static final String SECRET = "s3cret-canary/+%&= ü";
  static final String BASIC =
      "Basic "
          + Base64.getEncoder()
              .encodeToString(
                  "ci%3Arobot:s3cret-canary%2F%2B%25%26%3D+%C3%BC"
                      .getBytes(StandardCharsets.UTF_8));
  static final String TOKEN = "POST /oauth2/token";
  static final String METADATA = "GET /.well-known/oauth-authorization-server";
  static final String TASKS = "GET /api/v1/tasks";
  static final String SERVICE = "POST /flyteidl2.auth.AuthMetadataService/";

  final TestServer server;
  final AtomicInteger given = new AtomicInteger();
  final Set<String> good = ConcurrentHashMap.newKeySet();
  volatile String header = "flyte-authorization";
  volatile String expiresIn = "3600";

  Flyte(TestServer server) {
    this.server = server;
    server.on(TOKEN, this::token).on(TASKS, this::tasks).on("POST /api/v1/tasks", this::tasks);
  }

  /** Speaks as Flyte 1: by its gateway, in snake case. */
  static Flyte one(TestServer server) {
    Flyte flyte = new Flyte(server);
    server.on(METADATA, Response.json(200, metadata(server.address(), "token_endpoint")));
    server.on(
        "GET /config/v1/flyte_client",
        Response.json(
            200,
            "{\"client_id\":\"flytectl\",\"redirect_uri\":\"http://localhost\",\"scopes\":[\"all\"],"
                + "\"authorization_metadata_key\":\"flyte-authorization\",\"audience\":\"\"}"));
    return flyte;
  }

  /** Speaks as Flyte 2 and Union: by the Connect protocol, in camel case. */
  static Flyte two(TestServer server) {
    Flyte flyte = new Flyte(server);
    flyte.header = "authorization";
    server.on(
        SERVICE + "GetOAuth2Metadata",
        Response.json(200, metadata(server.address(), "tokenEndpoint")));
    server.on(
        SERVICE + "GetPublicClientConfig",
        Response.json(
            200,
            "{\"clientId\":\"uctl\",\"scopes\":[\"all\",\"offline\"],"
                + "\"authorizationMetadataKey\":\"authorization\",\"audience\":\"https://u\"}"));
    return flyte;
  }

  static String metadata(URI address, String tokenEndpoint) {
    String device =
        tokenEndpoint.contains("_")
            ? "device_authorization_endpoint"
            : "deviceAuthorizationEndpoint";
    return "{\"issuer\":\"x\",\"%s\":\"%s/oauth2/token\",\"%s\":\"%s/oauth2/device\"}"
        .formatted(tokenEndpoint, address, device, address);
  }

  Response token(Request request) {
    boolean isKnown =
        request.header("Authorization").equals(BASIC)
            || (request.body().contains("client_id=ci%3Arobot")
                && request.body().contains("client_secret=s3cret-canary%2F%2B%25%26%3D+%C3%BC"));
    return isKnown
        ? newToken("")
        : Response.json(
            401,
            "{\"error\":\"invalid_client\",\"error_description\":\"who is "
                + request.header("Authorization")
                + "\"}");
  }

  Response newToken(String renewal) {
    String token = "token-canary-" + given.incrementAndGet();
    good.add(token);
    return Response.json(
        200,
        "{\"access_token\":\"%s\",\"token_type\":\"bearer\",\"expires_in\":%s%s}"
            .formatted(
                token,
                expiresIn,
                renewal.isEmpty() ? "" : ",\"refresh_token\":\"" + renewal + "\""));
  }

  private Response tasks(Request request) {
    String header = request.header(this.header);
    return header.startsWith("Bearer ") && good.contains(header.substring(7))
        ? Response.json(200, "{\"tasks\":[]}")
        : Response.json(401, "{\"code\":16,\"message\":\"token parse error " + header + "\"}");
  }

  @Override
  public void close() {
    server.close();
  }
}
