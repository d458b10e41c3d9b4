package dev.imagespec.registrar.flyte.connect;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a connection needs to know. Texts are empty if nobody says.
 *
 * @param endpoint the address
 * @param from who said the endpoint
 * @param login how to prove who asks
 * @param oauth what to ask the authorization server for
 * @param authorities certificates to trust in addition to those that Java trusts
 * @param defaults where tasks belong
 */
record Configuration(
    URI endpoint,
    String from,
    Login login,
    OAuth oauth,
    List<X509Certificate> authorities,
    Defaults defaults) {
  Configuration {
    authorities = List.copyOf(authorities);
  }

  /**
   * What to ask the authorization server for; what is empty, the endpoint says.
   *
   * @param tokenUrl the address of the token endpoint
   * @param header the header that takes the token
   */
  record OAuth(List<String> scopes, String audience, String tokenUrl, String header) {
    OAuth {
      scopes = List.copyOf(scopes);
    }
  }

  /** Where tasks belong that do not say it themselves. */
  record Defaults(String org, String project, String domain) {}

  /** For people: the endpoint, who said it, and how to prove who asks. */
  String described() {
    return endpoint + " (from " + from + "), with " + login.described();
  }
}
