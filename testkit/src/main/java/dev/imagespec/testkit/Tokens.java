package dev.imagespec.testkit;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Authorization tokens that are valid for 12 hours, by a clock that tests can set. */
final class Tokens {
  static final Duration LIFE = Duration.ofHours(12);
  private static final int BYTES = 1024;

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Instant> expiry = new ConcurrentHashMap<>();

  Tokens(Clock clock) {
    this.clock = clock;
  }

  /** A new password for the user {@code AWS}. */
  String issue() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String password = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    expiry.put(password, clock.instant().plus(LIFE));
    return password;
  }

  /** A new password in the form of the API: a Basic credential with the user. */
  String issueBasic() {
    return Base64.getEncoder().encodeToString(("AWS:" + issue()).getBytes(StandardCharsets.UTF_8));
  }

  Set<String> issued() {
    return Set.copyOf(expiry.keySet());
  }

  void expireAll() {
    expiry.replaceAll((password, when) -> clock.instant());
  }

  /** The result of checking an {@code Authorization} header. */
  enum Verdict {
    GOOD,
    EXPIRED,
    UNKNOWN
  }

  Verdict check(@Nullable String authorization) {
    if (authorization == null || !authorization.startsWith("Basic ")) {
      return Verdict.UNKNOWN;
    }
    String pair;
    try {
      pair =
          new String(
              Base64.getDecoder().decode(authorization.substring(6)), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Verdict.UNKNOWN;
    }
    Instant until = pair.startsWith("AWS:") ? expiry.get(pair.substring(4)) : null;
    if (until == null) {
      return Verdict.UNKNOWN;
    }
    return clock.instant().isBefore(until) ? Verdict.GOOD : Verdict.EXPIRED;
  }
}
