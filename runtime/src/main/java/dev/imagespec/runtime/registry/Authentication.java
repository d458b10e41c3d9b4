package dev.imagespec.runtime.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.EcrHost;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Proves to registries who asks. A Basic credential is sent ahead; a Bearer token is asked for once
 * per scope. A credential goes to the registry's own host, or to its known token server, and
 * nowhere else.
 */
final class Authentication {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_ANSWER = 1 << 20;

  /** Token servers that are not their registry's own host. */
  private static final Map<String, Set<String>> PARTNERS =
      Map.of(
          "registry-1.docker.io", Set.of("auth.docker.io"),
          "registry.gitlab.com", Set.of("gitlab.com"));

  private final CredentialSource credentials;
  private final Transport transport;

  /** The Bearer challenge of each registry that has made one. */
  private final Map<String, Challenge> bearers = new ConcurrentHashMap<>();

  private final Map<String, String> tokens = new ConcurrentHashMap<>();

  Authentication(CredentialSource credentials, Transport transport) {
    this.credentials = credentials;
    this.transport = transport;
  }

  /** The value of {@code Authorization} to send ahead, if there is one. */
  Optional<String> ahead(String registry, String scope) throws IOException, InterruptedException {
    if (bearers.containsKey(registry)) {
      return Optional.of(bearer(registry, scope));
    }
    return credential(registry, scope).map(Authentication::basic);
  }

  private Optional<Credential> credential(String registry, String scope) {
    return scope.contains("push")
        ? credentials.credential(registry)
        : credentials.readingCredential(registry);
  }

  /**
   * What to send after a registry refused.
   *
   * @param sent whether a credential or token was sent
   * @return empty if there is nothing better to send
   */
  Optional<String> answer(String registry, String scope, Challenge challenge, boolean sent)
      throws IOException, InterruptedException {
    if (!challenge.isBearer()) {
      // Basic is sent ahead: if there was a credential, it is wrong.
      return Optional.empty();
    }
    if (sent && bearers.containsKey(registry)) {
      // The token has lived its life, or its scope was too small.
      tokens.remove(key(registry, scope));
    }
    bearers.put(registry, challenge);
    return Optional.of(bearer(registry, scope));
  }

  /**
   * Forgets what the registry says has expired, unless it was renewed since: of many requests that
   * are refused at the same time, one renews.
   *
   * @param refused the value of {@code Authorization} that was refused
   */
  synchronized void expire(String registry, String scope, Optional<String> refused) {
    String key = key(registry, scope);
    if (refused.isPresent() && refused.get().equals(tokens.get(key))) {
      tokens.remove(key);
    }
    if (!bearers.containsKey(registry)
        && credential(registry, scope).map(Authentication::basic).equals(refused)) {
      credentials.expire(registry);
    }
  }

  private String bearer(String registry, String scope) throws IOException, InterruptedException {
    String known = tokens.get(key(registry, scope));
    if (known != null) {
      return known;
    }
    Challenge challenge = bearers.get(registry);
    Optional<Credential> credential = credential(registry, scope);
    URI realm = realm(registry, challenge == null ? "" : challenge.parameter("realm"), credential);
    String query = "scope=" + encode(scope).replace("+", "&scope=");
    String service = challenge == null ? "" : challenge.parameter("service");
    if (!service.isEmpty()) {
      query = "service=" + encode(service) + "&" + query;
    }
    String separator = realm.getQuery() == null ? "?" : "&";
    Map<String, String> headers =
        credential.map(c -> Map.of("Authorization", basic(c))).orElse(Map.of());
    try (Reply reply =
        transport.send("GET", URI.create(realm + separator + query), headers, null)) {
      if (reply.status() == 429 || reply.status() >= 500) {
        throw Errors.retryable(reply, registry + " (token server)");
      }
      if (reply.status() != 200) {
        throw new ImageSpecException(
            FailureCode.UNAUTHORIZED,
            registry
                + " gives no token for "
                + scope
                + (credential.isPresent()
                    ? ": the credential is wrong or lacks the permission. Log in again with `docker login "
                    : ". Log in with `docker login ")
                + registry
                + "`.");
      }
      JsonNode json = JSON.readTree(reply.bytes(MAX_ANSWER));
      String token = json.path("token").asText(json.path("access_token").asText());
      if (token.isEmpty()) {
        throw new ImageSpecException(
            FailureCode.PROTOCOL, "The token server of " + registry + " answers without a token.");
      }
      String header = "Bearer " + token;
      tokens.put(key(registry, scope), header);
      return header;
    }
  }

  /** Checks that the credential may be sent to the token server that the registry names. */
  private static URI realm(String registry, String text, Optional<Credential> credential) {
    URI own = Endpoint.root(registry);
    URI realm;
    try {
      realm = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw refused(registry, "a token server whose address cannot be read");
    }
    if (!Endpoint.isSafe(realm) || realm.getUserInfo() != null) {
      throw refused(registry, "a token server without HTTPS");
    }
    if (isEcr(registry)) {
      throw refused(
          registry, "a Bearer token from " + realm.getHost() + ", which Amazon ECR never does");
    }
    boolean partner =
        realm.getHost().equalsIgnoreCase(own.getHost())
            || PARTNERS.getOrDefault(own.getHost(), Set.of()).contains(realm.getHost());
    if (credential.isPresent() && !partner) {
      throw refused(registry, "its credential to be sent to the other host " + realm.getHost());
    }
    return realm;
  }

  private static boolean isEcr(String registry) {
    return EcrHost.parse(registry.replaceFirst(":[0-9]+$", "")).isPresent();
  }

  private static ImageSpecException refused(String registry, String what) {
    return new ImageSpecException(
        FailureCode.PROTOCOL,
        registry
            + " asks for "
            + what
            + ". No credential was sent there. If the registry is trusted, its token server is not"
            + " supported; otherwise somebody stands between.");
  }

  private static String basic(Credential credential) {
    String pair = credential.user() + ":" + credential.password();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String key(String registry, String scope) {
    return registry + " " + scope;
  }
}
