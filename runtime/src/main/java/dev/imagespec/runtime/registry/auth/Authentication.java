package dev.imagespec.runtime.registry.auth;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Computes the {@code Authorization} header for requests to registries. Basic credentials are sent
 * with the first request; bearer tokens are requested once per scope.
 */
public final class Authentication {
  /** More than a request can ask for. */
  private static final int ALL = Integer.MAX_VALUE;

  private record Key(Registry registry, List<Scope> scopes) {}

  private final CredentialSource credentials;
  private final TokenServer tokenServer;

  /** The bearer challenge of each registry that has sent one. */
  private final Map<Registry, Challenge> bearers = new ConcurrentHashMap<>();

  /** What wants Basic credentials at a registry that also sends bearer challenges. */
  private final Set<Key> basics = ConcurrentHashMap.newKeySet();

  private final Map<Key, String> tokens = new ConcurrentHashMap<>();

  /** The repositories that images are pushed to. */
  private final Set<Repository> targets = ConcurrentHashMap.newKeySet();

  public Authentication(CredentialSource credentials, TokenServer tokenServer) {
    this.credentials = credentials;
    this.tokenServer = tokenServer;
  }

  /**
   * Says that images will be pushed to a repository. Some registries show a repository that does
   * not exist yet only to those who may create it.
   */
  public void expectPush(Repository repository) {
    targets.add(repository);
  }

  /** The {@code Authorization} header to send with the first request, if there is one. */
  public Optional<String> ahead(Registry registry, List<Scope> scopes)
      throws IOException, InterruptedException {
    Key key = new Key(registry, scopes);
    Challenge challenge = bearers.get(registry);
    if (challenge == null || basics.contains(key)) {
      return credential(scopes)
          .filter(credential -> !credential.isIdentityToken())
          .map(Authentication::basic);
    }
    String known = tokens.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      return Optional.of(request(key, challenge, Scope.text(scopes), scopes));
    } catch (ImageSpecException e) {
      if (e.code() != FailureCode.UNAUTHORIZED) {
        throw e;
      }
      // That challenge was another request's. This one's own may ask for something else.
      return Optional.empty();
    }
  }

  /** An answer to the challenges of one request, which may be refused several times. */
  public Conversation conversation(Registry registry, List<Scope> scopes) {
    return new Conversation(new Key(registry, scopes));
  }

  /** What one request has tried so far. */
  public final class Conversation {
    private final Key key;
    private int asked;

    private Conversation(Key key) {
      this.key = key;
    }

    /**
     * What to send after a registry rejected the request.
     *
     * @param challenge the challenge of that answer
     * @param refused what was sent
     * @return empty if there is nothing better to send
     * @throws ImageSpecException with {@link FailureCode#UNAUTHORIZED} if no token is given
     */
    public Optional<String> answer(Challenge challenge, Optional<String> refused)
        throws IOException, InterruptedException {
      if (!challenge.isBearer()) {
        Optional<String> basic =
            credential(key.scopes())
                .filter(credential -> !credential.isIdentityToken())
                .map(Authentication::basic);
        if (basic.equals(refused)) {
          // Sent, and wrong.
          return Optional.empty();
        }
        basics.add(key);
        return basic;
      }
      basics.remove(key);
      bearers.put(key.registry(), challenge);
      // The token has expired, or its scope was too small.
      refused.ifPresent(token -> tokens.remove(key, token));
      String renewed = tokens.get(key);
      if (asked == 0 && renewed != null) {
        return Optional.of(renewed);
      }
      return token(challenge);
    }

    /** A token for the next of the scopes that may help. */
    private Optional<String> token(Challenge challenge) throws IOException, InterruptedException {
      List<Wish> wishes = wishes(challenge);
      Optional<ImageSpecException> first = Optional.empty();
      while (asked < wishes.size()) {
        Wish wish = wishes.get(asked++);
        try {
          return Optional.of(request(key, challenge, wish.scope(), wish.scopes()));
        } catch (ImageSpecException e) {
          if (e.code() != FailureCode.UNAUTHORIZED) {
            throw e;
          }
          first = first.isPresent() ? first : Optional.of(e);
        }
      }
      if (first.isPresent()) {
        throw first.get();
      }
      return Optional.empty();
    }

    /**
     * What to send after a registry denied a request to read, although it took the token: what the
     * push will need.
     *
     * @return empty if nothing will be pushed there, or that was tried before
     */
    public Optional<String> answerDenial() throws IOException, InterruptedException {
      Challenge challenge = bearers.get(key.registry());
      Optional<Wish> wish = pushing();
      if (challenge == null || wish.isEmpty() || asked == ALL) {
        return Optional.empty();
      }
      asked = ALL;
      return Optional.of(request(key, challenge, wish.get().scope(), wish.get().scopes()));
    }

    private List<Wish> wishes(Challenge challenge) {
      List<Wish> wishes = new ArrayList<>();
      // A gateway may know the repository by another name, which only its challenge says.
      challenge
          .foreignScope(key.scopes())
          .ifPresent(foreign -> wishes.add(new Wish(foreign, key.scopes())));
      wishes.add(new Wish(Scope.text(key.scopes()), key.scopes()));
      pushing().ifPresent(wishes::add);
      return wishes;
    }

    /** What a push to the repository will need, if there will be one. */
    private Optional<Wish> pushing() {
      return key.scopes().stream()
          .filter(scope -> !scope.isWriting() && targets.contains(scope.repository()))
          .map(scope -> List.of(Scope.push(scope.repository())))
          .map(scopes -> new Wish(Scope.text(scopes), scopes))
          .findFirst();
    }
  }

  /**
   * A scope to ask for.
   *
   * @param scope its text
   * @param scopes what it stands for, which decides about the credential
   */
  private record Wish(String scope, List<Scope> scopes) {}

  private Optional<Credential> credential(List<Scope> scopes) {
    Repository repository = scopes.get(0).repository();
    return scopes.stream().anyMatch(Scope::isWriting)
        ? credentials.credential(repository)
        : credentials.readingCredential(repository);
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
        && credential(scopes).map(Authentication::basic).equals(refused)) {
      credentials.expire(registry);
    }
  }

  private String request(Key key, Challenge challenge, String scope, List<Scope> scopes)
      throws IOException, InterruptedException {
    String token =
        "Bearer " + tokenServer.token(key.registry(), scope, challenge, credential(scopes));
    tokens.put(key, token);
    return token;
  }

  static String basic(Credential credential) {
    String pair = credential.user() + ":" + credential.password();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
