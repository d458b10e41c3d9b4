package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.runtime.registry.Credential;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.AuthorizationData;

/**
 * Authorization tokens, in memory alone. One serves all registries of its region for as long as it
 * lives, which is 12 hours; it is renewed after half of that.
 */
final class EcrTokens {
  private record Token(Credential credential, Instant renewAt) {}

  private final Clock clock;
  private final Map<EcrClient, Token> tokens = new ConcurrentHashMap<>();

  EcrTokens(Clock clock) {
    this.clock = clock;
  }

  /** The credential for the data plane of a client's region; asked for once, whoever asks. */
  Credential get(EcrClient client) {
    Token token =
        tokens.compute(
            client,
            (key, known) ->
                known != null && clock.instant().isBefore(known.renewAt()) ? known : ask(client));
    return token.credential();
  }

  /** Forgets a token that the registry no longer takes. */
  void expire(EcrClient client) {
    tokens.remove(client);
  }

  private Token ask(EcrClient client) {
    // The SDK's own classes print the token in clear: nothing of the answer may be logged.
    AuthorizationData data = client.getAuthorizationToken(request -> {}).authorizationData().get(0);
    String text =
        new String(Base64.getDecoder().decode(data.authorizationToken()), StandardCharsets.UTF_8);
    int colon = text.indexOf(':');
    Instant now = clock.instant();
    Duration life = Duration.between(now, data.expiresAt());
    return new Token(
        new Credential(text.substring(0, colon), text.substring(colon + 1)),
        now.plus(life.dividedBy(2)));
  }
}
