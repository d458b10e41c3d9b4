package dev.imagespec.registrar.flyte.connect;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A token. Its text form hides it.
 *
 * @param value the token
 * @param renewal what gets the next one without asking anybody (RFC 6749, section 6); may be empty
 * @param header the header that takes it
 * @param staleAt when to get another one, on the clock of {@link System#nanoTime}
 * @param isTimed whether it becomes stale by itself
 */
record Token(String value, String renewal, String header, long staleAt, boolean isTimed) {
  /** RFC 6750, section 2.1. Any other character could inject a line into the header. */
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private static final int MAX_LENGTH = 1 << 15;
  private static final Duration LONGEST_LEEWAY = Duration.ofSeconds(60);

  /** Which part of its time is left when it is renewed. */
  private static final int LEEWAY = 10;

  static boolean isToken(String text) {
    return text.length() <= MAX_LENGTH && FORM.matcher(text).matches();
  }

  /** A token that is good until the endpoint says otherwise. */
  static Token untimed(String value, String renewal, String header) {
    return new Token(value, renewal, header, 0, false);
  }

  /** A token that is good for some time from now on; the end of that is left unused. */
  static Token timed(String value, String renewal, String header, Duration time, long now) {
    Duration tenth = time.dividedBy(LEEWAY);
    Duration leeway = tenth.compareTo(LONGEST_LEEWAY) < 0 ? tenth : LONGEST_LEEWAY;
    return new Token(value, renewal, header, now + time.minus(leeway).toNanos(), true);
  }

  boolean isStale(long now) {
    return isTimed && now - staleAt >= 0;
  }

  @Override
  public String toString() {
    return "Token[hidden]";
  }
}
