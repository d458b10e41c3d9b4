package dev.imagespec.runtime.registry;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import java.net.URI;
import java.util.Optional;

/** Where a registry's API stands. */
final class Endpoint {
  private static final String DOCKER_HUB_API = "registry-1.docker.io";

  private Endpoint() {}

  /** The root of a registry's API. Plain HTTP is spoken on this machine alone. */
  static URI root(Registry registry) {
    String host = registry.equals(Registry.DOCKER_HUB) ? DOCKER_HUB_API : registry.toString();
    return URI.create((registry.isLoopback() ? "http://" : "https://") + host);
  }

  static URI of(Repository repository, String path) {
    return root(repository.registry()).resolve("/v2/" + repository.name() + "/" + path);
  }

  /** What a server means by an address in a header; empty if it means nothing. */
  static Optional<URI> resolve(URI from, String text) {
    try {
      return Optional.of(from.resolve(text)).filter(uri -> uri.getScheme() != null);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("127.0.0.1");
  }

  /** Whether two addresses are of one server: scheme, host and port. */
  static boolean sameOrigin(URI a, URI b) {
    return a.getScheme().equals(b.getScheme())
        && a.getHost() != null
        && a.getHost().equalsIgnoreCase(b.getHost())
        && port(a) == port(b);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : usualPort(uri);
  }

  static int usualPort(URI uri) {
    return uri.getScheme().equals("https") ? 443 : 80;
  }

  /**
   * Whether nobody on the way can read what is sent to an address that a server names. A server
   * elsewhere has no business with this machine's own plain ports.
   */
  static boolean isSafe(URI from, URI to) {
    return to.getHost() != null
        && ("https".equals(to.getScheme())
            || ("http".equals(to.getScheme())
                && "http".equals(from.getScheme())
                && isLoopback(to.getHost())));
  }
}
