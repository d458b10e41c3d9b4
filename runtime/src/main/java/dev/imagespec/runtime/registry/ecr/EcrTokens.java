package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.runtime.registry.Credential;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Authorization tokens, in memory alone. One serves all registries of its region, whoever's they
 * are, for as long as it lives, which is 12 hours; it is renewed after half of that.
 */
final class EcrTokens {
  /**
   * What the API gave.
   *
   * @param encoded user and password, in Base64
   */
  record Given(String encoded, Instant expiresAt) {
    /** The SDK's own classes print the token in clear; this one does not. */
    @Override
    public String toString() {
      return "Given[hidden, " + expiresAt + "]";
    }
  }

  private record Token(Credential credential, Instant renewAt) {}

  private final Clock clock;
  private final Map<String, Token> tokens = new ConcurrentHashMap<>();

  EcrTokens(Clock clock) {
    this.clock = clock;
  }

  /**
   * The credential for the data plane of a region; asked for once, whoever asks.
   *
   * @param scope the region, and whether it is an emulator's or Amazon ECR Public
   */
  Credential get(String scope, Supplier<Given> api) {
    Token token =
        tokens.compute(
            scope,
            (key, known) ->
                known != null && clock.instant().isBefore(known.renewAt())
                    ? known
                    : read(api.get()));
    return token.credential();
  }

  /** Forgets a token that the registry no longer takes. */
  void expire(String scope) {
    tokens.remove(scope);
  }

  private Token read(Given given) {
    String text = new String(Base64.getDecoder().decode(given.encoded()), StandardCharsets.UTF_8);
    int colon = text.indexOf(':');
    Instant now = clock.instant();
    Duration life = Duration.between(now, given.expiresAt());
    return new Token(
        new Credential(text.substring(0, colon), text.substring(colon + 1)),
        now.plus(life.dividedBy(2)));
  }
}
