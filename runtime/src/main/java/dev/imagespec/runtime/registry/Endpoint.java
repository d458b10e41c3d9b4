package dev.imagespec.runtime.registry;

import java.net.URI;

/** Where a registry's API stands. */
final class Endpoint {
  private static final String DOCKER_HUB = "docker.io";
  private static final String DOCKER_HUB_API = "registry-1.docker.io";

  private Endpoint() {}

  /** The root of a registry's API. Plain HTTP is spoken on this machine alone. */
  static URI root(String registry) {
    String host = registry.equals(DOCKER_HUB) ? DOCKER_HUB_API : registry;
    String name = host.replaceFirst(":[0-9]+$", "");
    boolean plain = isLoopback(name) && !name.equals(host);
    return URI.create((plain ? "http://" : "https://") + host);
  }

  static URI of(RemoteRepository repository, String path) {
    return root(repository.registry()).resolve("/v2/" + repository.name() + "/" + path);
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
    return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
  }

  /** Whether nobody on the way can read what is sent there. */
  static boolean isSafe(URI uri) {
    return uri.getHost() != null
        && ("https".equals(uri.getScheme())
            || ("http".equals(uri.getScheme()) && isLoopback(uri.getHost())));
  }
}
