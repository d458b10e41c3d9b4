package dev.imagespec.testkit;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the form, scope and date of AWS signatures (version 4). Does not verify the signatures.
 */
final class Signatures {
  private static final Duration SKEW = Duration.ofMinutes(15);
  private static final Pattern SIGNATURE =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([a-z0-9-]+)/([a-z-]+)/aws4_request,"
              + " ?SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}");
  private static final DateTimeFormatter AMZ_DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Clock clock;
  private final String region;
  private final String service;
  private final Set<String> keys = ConcurrentHashMap.newKeySet();

  Signatures(Clock clock, String region, String service) {
    this.clock = clock;
    this.region = region;
    this.service = service;
  }

  /** The service that requests must be signed for. */
  String service() {
    return service;
  }

  /** The access keys of the requests so far. */
  Set<String> keys() {
    return Set.copyOf(keys);
  }

  void check(Exchange exchange) {
    String authorization = exchange.header("Authorization");
    String date = exchange.header("X-Amz-Date");
    if (authorization == null || date == null) {
      throw new ApiException(
          "MissingAuthenticationTokenException", "Request is missing Authentication Token");
    }
    Matcher signature = SIGNATURE.matcher(authorization);
    if (!signature.matches()
        || !signature.group(3).equals(region)
        || !signature.group(4).equals(service)
        || !date.startsWith(signature.group(2))
        || !Set.of(signature.group(5).split(";", -1)).containsAll(Set.of("host", "x-amz-date"))) {
      throw new ApiException(
          "InvalidSignatureException", "Credential should be scoped to a valid region.");
    }
    Instant at;
    try {
      at = AMZ_DATE.parse(date, Instant::from);
    } catch (DateTimeException e) {
      throw new ApiException(
          "InvalidSignatureException", "Date is not in ISO-8601 'basic format'.");
    }
    Instant now = clock.instant();
    if (Duration.between(at, now).abs().compareTo(SKEW) > 0) {
      throw new ApiException(
          "InvalidSignatureException",
          at.isBefore(now)
              ? "Signature expired: "
                  + date
                  + " is now earlier than "
                  + AMZ_DATE.format(now.minus(SKEW))
                  + " ("
                  + AMZ_DATE.format(now)
                  + " - 15 min.)"
              : "Signature not yet current: "
                  + date
                  + " is still later than "
                  + AMZ_DATE.format(now.plus(SKEW))
                  + " ("
                  + AMZ_DATE.format(now)
                  + " + 15 min.)");
    }
    keys.add(signature.group(1));
  }
}
