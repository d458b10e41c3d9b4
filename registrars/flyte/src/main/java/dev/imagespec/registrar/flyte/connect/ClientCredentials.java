package dev.imagespec.registrar.flyte.connect;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Gets tokens for a client with its secret (RFC 6749, section 4.4). */
final class ClientCredentials implements TokenSource {
  private final Login.ClientSecret login;
  private final Session session;

  ClientCredentials(Login.ClientSecret login, Session session) {
    this.login = login;
    this.session = session;
    session.redaction().add(login.secret());
    session.redaction().add(TokenEndpoint.encode(login.secret()));
  }

  @Override
  public Token fetch(String renewal) {
    AuthorizationServer server = session.metadata().server();
    Grant grant = session.grant();
    Map<String, String> form = new HashMap<>();
    form.put("grant_type", "client_credentials");
    form.put("scope", grant.scope());
    form.put("audience", grant.audience());
    Map<String, String> headers = new HashMap<>();
    if (server.wantsSecretInForm()) {
      form.put("client_id", login.clientId());
      form.put("client_secret", login.secret());
    } else {
      // Both parts are encoded (RFC 6749, section 2.3.1), since an id may hold a colon.
      String pair =
          TokenEndpoint.encode(login.clientId()) + ":" + TokenEndpoint.encode(login.secret());
      headers.put(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
    TokenEndpoint.Answered answer = session.tokens().ask(server.tokenEndpoint(), form, headers);
    if (!answer.error().isEmpty()) {
      throw session
          .tokens()
          .refused(
              answer,
              "with " + login.described(),
              "Check the client's id and secret, and that it may have the scopes "
                  + (grant.scopes().isEmpty()
                      ? "(none)"
                      : session.redaction().quotable(grant.scope()))
                  + ".");
    }
    return session.tokens().token(answer, grant.header(), "");
  }
}
