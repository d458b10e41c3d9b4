package dev.imagespec.runtime.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Masks in what a server says what it was sent to prove who asks: a server that quotes that must
 * not bring it into a message or a log.
 */
final class Redaction {
  private static final String MASK = "***";

  /** Shorter secrets are no secrets, and would mask every second word. */
  private static final int SHORTEST = 4;

  private final Set<String> secrets = new LinkedHashSet<>();

  private Redaction() {}

  /** Masks what stands in the {@code Authorization} of these headers. */
  static Redaction of(Map<String, String> headers) {
    Redaction redaction = new Redaction();
    String value = headers.getOrDefault("Authorization", "");
    int space = value.indexOf(' ');
    if (space > 0) {
      String secret = value.substring(space + 1);
      redaction.add(secret);
      if (value.startsWith("Basic ")) {
        String pair = new String(Base64.getDecoder().decode(secret), StandardCharsets.UTF_8);
        redaction.add(pair);
        redaction.add(pair.substring(pair.indexOf(':') + 1));
      }
    }
    return redaction;
  }

  /** Masks this, too. */
  void add(String secret) {
    if (secret.length() >= SHORTEST) {
      secrets.add(secret);
    }
  }

  String apply(String text) {
    String masked = text;
    for (String secret : secrets) {
      masked = masked.replace(secret, MASK);
    }
    return masked;
  }

  @Override
  public String toString() {
    return "Redaction[hidden]";
  }
}
