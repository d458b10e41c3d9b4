package dev.imagespec.runtime.registry.auth;

import dev.imagespec.model.Registry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Computes the {@code Authorization} header for requests to registries. Basic credentials are sent
 * with the first request; bearer tokens are requested once per scope.
 */
public final class Authentication {
  private record Key(Registry registry, List<Scope> scopes) {}

  private final CredentialSource credentials;
  private final TokenServer tokenServer;

  /** The bearer challenge of each registry that has sent one. */
  private final Map<Registry, Challenge> bearers = new ConcurrentHashMap<>();

  private final Map<Key, String> tokens = new ConcurrentHashMap<>();

  public Authentication(CredentialSource credentials, TokenServer tokenServer) {
    this.credentials = credentials;
    this.tokenServer = tokenServer;
  }

  /** The {@code Authorization} header to send with the first request, if there is one. */
  public Optional<String> ahead(Registry registry, List<Scope> scopes)
      throws IOException, InterruptedException {
    Challenge challenge = bearers.get(registry);
    if (challenge != null) {
      return Optional.of(bearer(registry, scopes, challenge));
    }
    return credential(registry, scopes)
        .filter(credential -> !credential.isIdentityToken())
        .map(Authentication::basic);
  }

  private Optional<Credential> credential(Registry registry, List<Scope> scopes) {
    return scopes.stream().anyMatch(Scope::isWriting)
        ? credentials.credential(registry)
        : credentials.readingCredential(registry);
  }

  /**
   * What to send after a registry rejected a request.
   *
   * @param sent whether a credential or token was sent
   * @return empty if there is nothing better to send
   */
  public Optional<String> answer(
      Registry registry, List<Scope> scopes, Challenge challenge, boolean sent)
      throws IOException, InterruptedException {
    if (!challenge.isBearer()) {
      // Basic credentials are sent with the first request: if there were any, they are wrong.
      return Optional.empty();
    }
    if (sent && bearers.containsKey(registry)) {
      // The token has expired, or its scope was too small.
      tokens.remove(new Key(registry, scopes));
    }
    bearers.put(registry, challenge);
    return Optional.of(bearer(registry, scopes, challenge));
  }

  /**
   * Discards an expired credential or token, unless it was renewed since. If many requests are
   * rejected at the same time, only one renews it.
   *
   * @param refused the {@code Authorization} header that was rejected
   */
  public synchronized void expire(Registry registry, List<Scope> scopes, Optional<String> refused) {
    Key key = new Key(registry, scopes);
    if (refused.isPresent() && refused.get().equals(tokens.get(key))) {
      tokens.remove(key);
    }
    if (!bearers.containsKey(registry)
        && credential(registry, scopes).map(Authentication::basic).equals(refused)) {
      credentials.expire(registry);
    }
  }

  private String bearer(Registry registry, List<Scope> scopes, Challenge challenge)
      throws IOException, InterruptedException {
    String known = tokens.get(new Key(registry, scopes));
    if (known != null) {
      return known;
    }
    String token = tokenServer.token(registry, scopes, challenge, credential(registry, scopes));
    tokens.put(new Key(registry, scopes), "Bearer " + token);
    return "Bearer " + token;
  }

  static String basic(Credential credential) {
    String pair = credential.user() + ":" + credential.password();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
