package dev.imagespec.runtime.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Masks credentials in text from a server. A server may quote what it received, and that must not
 * get into a message or a log.
 */
public final class Redaction {
  private static final String MASK = "***";

  /** Shorter texts are no secrets, and masking them would hide ordinary words. */
  private static final int SHORTEST = 4;

  private final Set<String> secrets = new LinkedHashSet<>();

  private Redaction() {}

  /** Masks the credential in the {@code Authorization} header. */
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

  /** Masks this secret, too. */
  public void add(String secret) {
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
