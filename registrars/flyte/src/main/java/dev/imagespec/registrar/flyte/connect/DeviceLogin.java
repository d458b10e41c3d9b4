package dev.imagespec.registrar.flyte.connect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.model.Printable;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Addresses;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets tokens for somebody who logs in with a browser on any device (RFC 8628). Says in the log
 * where, and waits.
 */
final class DeviceLogin implements TokenSource {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceLogin.class);
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";
  private static final long USUAL_INTERVAL = 5;
  private static final long LONGEST_INTERVAL = 60;

  /** How much slower to ask when told so (RFC 8628, section 3.5). */
  private static final long SLOWER = 5;

  /** As flytectl. */
  private static final long LONGEST_WAIT = Duration.ofMinutes(10).toSeconds();

  private static final int LONGEST_CODE = 64;
  private static final int LONGEST_ADDRESS = 1 << 11;

  private final Login.DeviceFlow login;
  private final Session session;

  DeviceLogin(Login.DeviceFlow login, Session session) {
    this.login = login;
    this.session = session;
  }

  /**
   * What the authorization server wants a person to do.
   *
   * @param device what the server knows this login by; a secret
   * @param page where to log in
   * @param code what to enter there
   */
  private record Invitation(String device, String page, String code, long seconds, long interval) {
    @Override
    public String toString() {
      return "Invitation[hidden]";
    }
  }

  @Override
  public Token fetch(String renewal) {
    AuthorizationServer server = session.metadata().server();
    Grant grant = session.grant();
    String client = login.clientId().isEmpty() ? grant.clientId() : login.clientId();
    if (client.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          session.endpoint()
              + " does not tell which client logs people in. Set imagespec.flyte.client-id.");
    }
    if (!renewal.isEmpty()) {
      TokenEndpoint.Answered renewed =
          session
              .tokens()
              .ask(
                  server.tokenEndpoint(),
                  form(grant, client, "refresh_token", "refresh_token", renewal),
                  Map.of());
      if (renewed.error().isEmpty()) {
        return session.tokens().token(renewed, grant.header(), renewal);
      }
      LOG.debug("the login has ended: {}", renewed.error());
    }
    return wait(server, grant, client, invite(server, grant, client));
  }

  private static Map<String, String> form(
      Grant grant, String client, String type, String name, String secret) {
    Map<String, String> form = new HashMap<>();
    form.put("grant_type", type);
    form.put(name, secret);
    form.put("client_id", client);
    form.put("scope", grant.scope());
    form.put("audience", grant.audience());
    return form;
  }

  private Invitation invite(AuthorizationServer server, Grant grant, String client) {
    URI device =
        server
            .device()
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.UNSUPPORTED,
                        session.endpoint()
                            + " has no login with a browser on any device (it names no device"
                            + " endpoint). Set imagespec.flyte.auth to client-secret or"
                            + " external-command, or FLYTE_API_KEY."));
    TokenEndpoint.Answered answer =
        session
            .tokens()
            .ask(
                device,
                Map.of("client_id", client, "scope", grant.scope(), "audience", grant.audience()),
                Map.of());
    if (!answer.error().isEmpty()) {
      throw session
          .tokens()
          .refused(
              answer,
              "to client " + session.redaction().quotable(client),
              "Ask whoever runs it to let this client use the device flow.");
    }
    JsonNode json = answer.json();
    String secret = TokenEndpoint.text(json, "device_code");
    session.redaction().add(secret);
    String code = TokenEndpoint.text(json, "user_code");
    String whole = TokenEndpoint.text(json, "verification_uri_complete");
    String page = page(whole.isEmpty() ? TokenEndpoint.text(json, "verification_uri") : whole);
    if (secret.isEmpty() || page.isEmpty() || code.isEmpty() || code.length() > LONGEST_CODE) {
      throw session.tokens().protocol(device, "does not say where to log in, and with which code.");
    }
    long seconds = TokenEndpoint.seconds(json, "expires_in");
    long interval = TokenEndpoint.seconds(json, "interval");
    return new Invitation(
        secret,
        page,
        session.redaction().apply(Printable.value(code)),
        seconds == 0 ? LONGEST_WAIT : Math.min(LONGEST_WAIT, seconds),
        interval == 0 ? USUAL_INTERVAL : Math.min(LONGEST_INTERVAL, interval));
  }

  /** An address for people; empty if it is none. */
  private String page(String text) {
    return Addresses.resolve(session.endpoint(), text)
        .filter(uri -> !text.isEmpty() && text.length() <= LONGEST_ADDRESS)
        .filter(uri -> Addresses.isSafe(session.endpoint(), uri) && uri.getUserInfo() == null)
        .map(uri -> session.redaction().apply(Printable.value(uri.toString())))
        .orElse("");
  }

  private Token wait(
      AuthorizationServer server, Grant grant, String client, Invitation invitation) {
    LOG.warn(
        "To log in to {}, open {} in a browser on any device, and check that it shows the code {}."
            + " Waiting for {} minutes at most.",
        session.endpoint(),
        invitation.page(),
        invitation.code(),
        Math.max(1, Duration.ofSeconds(invitation.seconds()).toMinutes()));
    Map<String, String> form = form(grant, client, GRANT, "device_code", invitation.device());
    long start = session.nanoTime().getAsLong();
    long interval = invitation.interval();
    while (true) {
      try {
        session.sleeper().sleep(Duration.ofSeconds(interval));
      } catch (InterruptedException e) {
        throw ImageSpecException.interrupted(e);
      }
      TokenEndpoint.Answered answer = session.tokens().ask(server.tokenEndpoint(), form, Map.of());
      switch (answer.error()) {
        case "" -> {
          return session.tokens().token(answer, grant.header(), "");
        }
        case "slow_down" -> interval = Math.min(LONGEST_INTERVAL, interval + SLOWER);
        case "authorization_pending" -> {}
        case "expired_token" -> throw late();
        default ->
            throw session
                .tokens()
                .refused(answer, "for the login in a browser", "Run it again to log in anew.");
      }
      if (session.nanoTime().getAsLong() - start
          >= Duration.ofSeconds(invitation.seconds()).toNanos()) {
        throw late();
      }
    }
  }

  private ImageSpecException late() {
    return new ImageSpecException(
        FailureCode.TOKEN_EXPIRED,
        "Nobody logged in to "
            + session.endpoint()
            + " in time. Run it again, and open the page that it names in a browser. Where nobody"
            + " can, set imagespec.flyte.auth to client-secret or external-command.");
  }
}
