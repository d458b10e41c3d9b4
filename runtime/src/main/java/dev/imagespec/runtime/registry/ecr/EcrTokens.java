package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.runtime.registry.auth.Credential;
import dev.imagespec.runtime.work.Once;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * Authorization tokens, kept only in memory. A token is valid for all registries of its region, of
 * any account, for 12 hours; it is renewed after half of that time.
 */
final class EcrTokens {
  /**
   * The API's answer.
   *
   * @param encoded user and password, in Base64
   * @param expiresAt when the token expires
   */
  record Given(String encoded, Instant expiresAt) {
    /** What it consists of. */
    Credential credential() {
      String text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return new Credential(text.substring(0, colon), text.substring(colon + 1));
    }

    /** The SDK's own classes print the token in clear; this one does not. */
    @Override
    public String toString() {
      return "Given[hidden, " + expiresAt + "]";
    }
  }

  private record Token(Credential credential, Instant renewAt) {}

  private final Clock clock;
  private final Once<String, Token> tokens = new Once<>();

  EcrTokens(Clock clock) {
    this.clock = clock;
  }

  /**
   * The credential for the registries of a region. Callers that need it at the same time share one
   * request.
   *
   * @param scope the region, or a name for the emulators or for Amazon ECR Public
   */
  Credential get(String scope, Supplier<Given> api) {
    Token token = tokens.get(scope, () -> read(api.get()));
    if (!clock.instant().isBefore(token.renewAt())) {
      tokens.forget(scope, token);
      token = tokens.get(scope, () -> read(api.get()));
    }
    return token.credential();
  }

  /** Discards a token that the registry no longer accepts. */
  void expire(String scope) {
    tokens.forget(scope);
  }

  private Token read(Given given) {
    Instant now = clock.instant();
    Duration life = Duration.between(now, given.expiresAt());
    return new Token(given.credential(), now.plus(life.dividedBy(2)));
  }
}
