package dev.imagespec.runtime;

import dev.imagespec.model.RegistryHost;

/**
 * Says that a registry's credential may be sent to a token server (a realm) on another host.
 *
 * @param registry the registry's host, with its port where it has one
 * @param host the token server's host, with its port where it is not HTTPS's own
 */
public record Realm(String registry, String host) {
  private static final String DOCKER_HUB = "docker.io";

  public Realm {
    registry = host(registry).equals("index.docker.io") ? DOCKER_HUB : host(registry);
    host = host(host);
  }

  private static String host(String text) {
    RegistryHost parsed = RegistryHost.parse(text);
    if (!parsed.prefix().isEmpty()) {
      throw new IllegalArgumentException(
          "both sides of a realm are hosts without a path; write \"" + parsed.host() + "\"");
    }
    return parsed.host();
  }

  /**
   * Reads {@code REGISTRY=HOST}.
   *
   * @throws IllegalArgumentException if the text is not of that form
   */
  public static Realm parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException(
          "a realm is REGISTRY=HOST, such as registry.example.com=login.example.com; this is \""
              + text
              + "\"");
    }
    return new Realm(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
  }

  @Override
  public String toString() {
    return registry + "=" + host;
  }
}
