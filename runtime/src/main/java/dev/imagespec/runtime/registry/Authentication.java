package dev.imagespec.runtime.registry;

import dev.imagespec.model.Registry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Proves to registries who asks. A Basic credential is sent ahead; a Bearer token is asked for once
 * per scope.
 */
final class Authentication {
  private final CredentialSource credentials;
  private final TokenServer tokenServer;

  /** The Bearer challenge of each registry that has made one. */
  private final Map<Registry, Challenge> bearers = new ConcurrentHashMap<>();

  private final Map<String, String> tokens = new ConcurrentHashMap<>();

  Authentication(CredentialSource credentials, TokenServer tokenServer) {
    this.credentials = credentials;
    this.tokenServer = tokenServer;
  }

  /** The value of {@code Authorization} to send ahead, if there is one. */
  Optional<String> ahead(Registry registry, String scope) throws IOException, InterruptedException {
    Challenge challenge = bearers.get(registry);
    if (challenge != null) {
      return Optional.of(bearer(registry, scope, challenge));
    }
    return credential(registry, scope)
        .filter(credential -> !credential.isIdentityToken())
        .map(Authentication::basic);
  }

  private Optional<Credential> credential(Registry registry, String scope) {
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
  Optional<String> answer(Registry registry, String scope, Challenge challenge, boolean sent)
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
    return Optional.of(bearer(registry, scope, challenge));
  }

  /**
   * Forgets what the registry says has expired, unless it was renewed since: of many requests that
   * are refused at the same time, one renews.
   *
   * @param refused the value of {@code Authorization} that was refused
   */
  synchronized void expire(Registry registry, String scope, Optional<String> refused) {
    String key = key(registry, scope);
    if (refused.isPresent() && refused.get().equals(tokens.get(key))) {
      tokens.remove(key);
    }
    if (!bearers.containsKey(registry)
        && credential(registry, scope).map(Authentication::basic).equals(refused)) {
      credentials.expire(registry);
    }
  }

  private String bearer(Registry registry, String scope, Challenge challenge)
      throws IOException, InterruptedException {
    String known = tokens.get(key(registry, scope));
    if (known != null) {
      return known;
    }
    String token = tokenServer.token(registry, scope, challenge, credential(registry, scope));
    tokens.put(key(registry, scope), "Bearer " + token);
    return "Bearer " + token;
  }

  static String basic(Credential credential) {
    String pair = credential.user() + ":" + credential.password();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String key(Registry registry, String scope) {
    return registry + " " + scope;
  }
}
