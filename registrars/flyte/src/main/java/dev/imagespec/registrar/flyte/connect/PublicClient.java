package dev.imagespec.registrar.flyte.connect;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an endpoint lets clients know before they log in. Texts are empty if it does not say.
 *
 * @param clientId the client of people who log in
 * @param scopes the scopes to ask for
 * @param audience the audience to ask for
 * @param header the header that takes the token
 */
record PublicClient(String clientId, List<String> scopes, String audience, String header) {
  /** The header that takes a token where nobody names another one (RFC 6750, section 2.1). */
  static final String USUAL_HEADER = "Authorization";

  /** What an endpoint that says nothing means. */
  static final PublicClient SILENT = new PublicClient("", List.of(), "", "");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");

  /** Headers that the connection needs, or the JDK's client does not let anybody set. */
  private static final Set<String> TAKEN =
      Set.of(
          "connection",
          "content-length",
          "content-type",
          "expect",
          "host",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent");

  PublicClient {
    scopes = List.copyOf(scopes);
  }

  /** Whether a token can be sent in a header of this name. */
  static boolean isHeader(String name) {
    return NAME.matcher(name).matches() && !TAKEN.contains(name.toLowerCase(Locale.ROOT));
  }
}
