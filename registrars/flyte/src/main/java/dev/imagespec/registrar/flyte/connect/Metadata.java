package dev.imagespec.registrar.flyte.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Addresses;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What an endpoint tells everybody of its authentication. Flyte 1 tells it at addresses of its
 * gateway, in snake case; Flyte 2 and Union by the Connect protocol, in camel case.
 */
final class Metadata {
  private static final int MAX_ANSWER = 1 << 20;
  private static final int MAX_TEXT = 1 << 12;
  private static final String SERVICE = "/flyteidl2.auth.AuthMetadataService/";
  private static final Map<String, String> JSON =
      Map.of("Accept", "application/json", "Content-Type", "application/json");
  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);

  private final Channel channel;
  private final URI endpoint;
  private final String tokenUrl;

  /**
   * Of an endpoint.
   *
   * @param tokenUrl the token endpoint, if it is configured; else empty
   */
  Metadata(Channel channel, URI endpoint, String tokenUrl) {
    this.channel = channel;
    this.endpoint = endpoint;
    this.tokenUrl = tokenUrl;
  }

  /**
   * Who gives tokens for the endpoint.
   *
   * @throws ImageSpecException with {@link FailureCode#PROTOCOL} if it does not tell, or names an
   *     address that no secret may be sent to
   */
  AuthorizationServer server() {
    Optional<JsonNode> found =
        first(
            "/.well-known/oauth-authorization-server",
            "GetOAuth2Metadata",
            json -> !text(json, "tokenEndpoint").isEmpty());
    if (found.isEmpty() && tokenUrl.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          endpoint
              + " does not tell who gives tokens for it: neither its"
              + " /.well-known/oauth-authorization-server nor its AuthMetadataService names a token"
              + " endpoint. Is it the address of the Flyte API? If it takes no authentication, set"
              + " imagespec.flyte.auth=none.");
    }
    JsonNode json = found.orElse(MissingNode.getInstance());
    String device = text(json, "deviceAuthorizationEndpoint");
    return new AuthorizationServer(
        address("token endpoint", tokenUrl.isEmpty() ? text(json, "tokenEndpoint") : tokenUrl),
        device.isEmpty() ? Optional.empty() : Optional.of(address("device endpoint", device)),
        new LinkedHashSet<>(texts(json, "tokenEndpointAuthMethodsSupported")));
  }

  /** What clients may know; what is not told is empty. */
  PublicClient client() {
    PublicClient client =
        first(
                "/config/v1/flyte_client",
                "GetPublicClientConfig",
                json ->
                    !text(json, "clientId").isEmpty()
                        || !text(json, "authorizationMetadataKey").isEmpty())
            .map(
                json ->
                    new PublicClient(
                        text(json, "clientId"),
                        texts(json, "scopes"),
                        text(json, "audience"),
                        text(json, "authorizationMetadataKey")))
            .orElse(PublicClient.SILENT);
    if (!client.header().isEmpty() && !PublicClient.isHeader(client.header())) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          endpoint + " wants its token in a header that cannot take one. Nothing was sent in it.");
    }
    return client;
  }

  /** The first answer that tells something. */
  private Optional<JsonNode> first(String path, String method, Predicate<JsonNode> tells) {
    Channel.Received gateway = channel.send("GET", endpoint.resolve(path), JSON, null, MAX_ANSWER);
    if (gateway.isSuccess() && tells.test(gateway.body())) {
      return Optional.of(gateway.body());
    }
    Channel.Received connect =
        channel.send("POST", endpoint.resolve(SERVICE + method), JSON, EMPTY, MAX_ANSWER);
    return Optional.of(connect.body()).filter(json -> connect.isSuccess() && tells.test(json));
  }

  private URI address(String what, String text) {
    URI uri =
        Addresses.resolve(endpoint, text)
            .filter(found -> found.getUserInfo() == null && found.getFragment() == null)
            .orElseThrow(() -> refused(what, "that cannot be read"));
    if (!Addresses.isSafe(endpoint, uri)) {
      throw refused(what, "without HTTPS");
    }
    return uri;
  }

  private ImageSpecException refused(String what, String why) {
    return new ImageSpecException(
        FailureCode.PROTOCOL,
        endpoint
            + " names a "
            + what
            + " "
            + why
            + ". No secret was sent there. Tell whoever runs the endpoint, or name the token"
            + " endpoint with admin.tokenUrl in a configuration file.");
  }

  /** A text by its name in camel case, or in snake case. */
  private static String text(JsonNode json, String name) {
    JsonNode value = json.path(name);
    String text = (value.isTextual() ? value : json.path(snake(name))).asText("");
    return text.length() > MAX_TEXT ? "" : text;
  }

  private static List<String> texts(JsonNode json, String name) {
    JsonNode values = json.path(name);
    List<String> found = new ArrayList<>();
    for (JsonNode value : values.isArray() ? values : json.path(snake(name))) {
      if (value.isTextual() && value.asText().length() <= MAX_TEXT) {
        found.add(value.asText());
      }
    }
    return found;
  }

  private static String snake(String name) {
    return name.replace("OAuth2", "oauth2").replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
