package dev.imagespec.registrar.flyte.connect;

import java.util.List;

/**
 * What to ask the authorization server for: what is configured, and what the endpoint says where
 * nothing is.
 *
 * @param header the header that takes the token
 */
record Grant(String clientId, List<String> scopes, String audience, String header) {
  Grant {
    scopes = List.copyOf(scopes);
  }

  /** Asks the endpoint, unless everything that it could say is configured. */
  static Grant of(Configuration.OAuth configured, Metadata metadata) {
    PublicClient client =
        configured.scopes().isEmpty() || configured.header().isEmpty()
            ? metadata.client()
            : PublicClient.SILENT;
    return new Grant(
        client.clientId(),
        configured.scopes().isEmpty() ? client.scopes() : configured.scopes(),
        configured.audience().isEmpty() ? client.audience() : configured.audience(),
        header(configured, client));
  }

  /** The header alone, which the endpoint says unless it is configured. */
  static String header(Configuration.OAuth configured, Metadata metadata) {
    return header(
        configured, configured.header().isEmpty() ? metadata.client() : PublicClient.SILENT);
  }

  private static String header(Configuration.OAuth configured, PublicClient client) {
    String name = configured.header().isEmpty() ? client.header() : configured.header();
    return name.isEmpty() || name.equalsIgnoreCase(PublicClient.USUAL_HEADER)
        ? PublicClient.USUAL_HEADER
        : name;
  }

  /** The scopes as a form has them. */
  String scope() {
    return String.join(" ", scopes);
  }
}
