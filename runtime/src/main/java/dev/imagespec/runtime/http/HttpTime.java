package dev.imagespec.runtime.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Parses times in headers. */
public final class HttpTime {
  private HttpTime() {}

  /** A date (RFC 9110, section 5.6.7); empty if the text is not one. */
  public static Optional<Instant> date(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * How long {@code Retry-After} asks to wait: seconds, or a date (RFC 9110, section 10.2.3). Empty
   * if the time has passed, or the text is neither.
   */
  public static Optional<Duration> retryAfter(String text) {
    Optional<Duration> wait =
        text.strip().matches("[0-9]{1,9}")
            ? Optional.of(Duration.ofSeconds(Long.parseLong(text.strip())))
            : date(text).map(when -> Duration.between(Instant.now(), when));
    return wait.filter(time -> !time.isNegative() && !time.isZero());
  }
}
