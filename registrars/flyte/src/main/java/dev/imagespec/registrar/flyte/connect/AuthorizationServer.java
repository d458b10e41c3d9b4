package dev.imagespec.registrar.flyte.connect;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Who gives tokens for an endpoint (RFC 8414).
 *
 * @param tokenEndpoint where tokens are asked for
 * @param device where a browser on any device is asked for; empty if the server has no such way
 * @param methods the ways in which it takes a client's secret; empty if it does not say
 */
record AuthorizationServer(URI tokenEndpoint, Optional<URI> device, Set<String> methods) {
  AuthorizationServer {
    methods = Set.copyOf(methods);
  }

  /** Whether it takes a client's secret in the form alone (RFC 6749, section 2.3.1). */
  boolean wantsSecretInForm() {
    return methods.contains("client_secret_post") && !methods.contains("client_secret_basic");
  }
}
