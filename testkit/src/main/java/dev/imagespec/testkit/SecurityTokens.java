package dev.imagespec.testkit;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The part of AWS STS (version 2011-06-15) that roles need. Requests are forms, and responses are
 * XML.
 */
final class SecurityTokens {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final String SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEROLE";

  private final Clock clock;
  private final String account;
  private final Map<String, String> roles = new ConcurrentHashMap<>();

  SecurityTokens(Clock clock, String account) {
    this.clock = clock;
    this.account = account;
  }

  /**
   * Adds a role that clients may assume with this external id or web identity. An empty text means
   * none is needed.
   */
  void trust(String role, String externalId) {
    roles.put(role, externalId);
  }

  /** The secrets of assumed roles, which must not leak. */
  static String secret() {
    return SECRET;
  }

  static boolean isFor(Exchange exchange) {
    return new String(exchange.body, StandardCharsets.UTF_8).startsWith("Action=")
        || form(exchange).containsKey("Action");
  }

  static String name(Exchange exchange) {
    return form(exchange).getOrDefault("Action", "unknown");
  }

  void handle(Exchange exchange) {
    Map<String, String> form = form(exchange);
    switch (form.getOrDefault("Action", "")) {
      case "AssumeRole", "AssumeRoleWithWebIdentity" -> assume(exchange, form);
      case "GetCallerIdentity" ->
          xml(
              exchange,
              200,
              "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::"
                  + account
                  + ":user/test</Arn><UserId>AIDATEST</UserId><Account>"
                  + account
                  + "</Account></GetCallerIdentityResult></GetCallerIdentityResponse>");
      default ->
          xml(
              exchange,
              400,
              "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>no such"
                  + " action</Message></Error></ErrorResponse>");
    }
  }

  private void assume(Exchange exchange, Map<String, String> form) {
    String role = form.getOrDefault("RoleArn", "");
    @Nullable String wanted = roles.get(role);
    String shown = form.getOrDefault("ExternalId", form.getOrDefault("WebIdentityToken", ""));
    if (wanted == null || !wanted.equals(shown)) {
      xml(
          exchange,
          403,
          "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: arn:aws:iam::"
              + account
              + ":user/test is not authorized to perform: sts:AssumeRole on resource: "
              + role
              + "</Message></Error></ErrorResponse>");
      return;
    }
    xml(
        exchange,
        200,
        ("<ACTIONResponse><ACTIONResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>"
                + "<SecretAccessKey>"
                + SECRET
                + "</SecretAccessKey><SessionToken>"
                + SECRET.repeat(4)
                + "</SessionToken><Expiration>"
                + clock.instant().plus(LIFE)
                + "</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>AROA:imagespec</AssumedRoleId>"
                + "<Arn>"
                + role
                + "</Arn></AssumedRoleUser></ACTIONResult></ACTIONResponse>")
            .replace("ACTION", form.getOrDefault("Action", "")));
  }

  private static void xml(Exchange exchange, int status, String text) {
    exchange.answer(status, "text/xml", text.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, String> form(Exchange exchange) {
    Map<String, String> form = new TreeMap<>();
    for (String pair : new String(exchange.body, StandardCharsets.UTF_8).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && pair.matches("[A-Za-z.0-9]+=[^{]*")) {
        form.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return form;
  }
}
