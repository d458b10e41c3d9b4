package dev.imagespec.runtime;

import dev.imagespec.model.Namespace;
import dev.imagespec.model.Registry;

/**
 * Allows a registry's credential to be sent to a token server (a realm) on another host.
 *
 * @param registry the registry's host, with its port if it has one
 * @param host the token server's host, with its port unless that is HTTPS's default
 */
public record Realm(Registry registry, Registry host) {
  /**
   * Parses {@code REGISTRY=HOST}.
   *
   * @throws IllegalArgumentException if the text does not have that form
   */
  public static Realm parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException(
          "a realm is REGISTRY=HOST, such as registry.example.com=login.example.com; this is \""
              + text
              + "\"");
    }
    return new Realm(
        host(text.substring(0, equals).strip()), host(text.substring(equals + 1).strip()));
  }

  private static Registry host(String text) {
    Namespace parsed = Namespace.parse(text);
    if (!parsed.path().isEmpty()) {
      throw new IllegalArgumentException(
          "both sides of a realm are hosts without a path; write \"" + parsed.registry() + "\"");
    }
    return parsed.registry();
  }

  @Override
  public String toString() {
    return registry + "=" + host;
  }
}
