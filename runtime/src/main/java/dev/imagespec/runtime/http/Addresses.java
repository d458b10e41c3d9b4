package dev.imagespec.runtime.http;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** Addresses that servers name in headers: what they mean, and what may be sent there. */
public final class Addresses {
  private Addresses() {}

  /** What a server means by an address in a header; empty if it is not one. */
  public static Optional<URI> resolve(URI from, String text) {
    try {
      return Optional.of(from.resolve(text)).filter(uri -> uri.getScheme() != null);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether two addresses are of one server: scheme, host and port. */
  public static boolean sameOrigin(URI a, URI b) {
    return a.getScheme().equals(b.getScheme())
        && a.getHost() != null
        && a.getHost().equalsIgnoreCase(b.getHost())
        && port(a) == port(b);
  }

  /**
   * Whether nobody on the way can read what is sent to an address that a server names. Only a
   * server on this machine may name a plain port of this machine.
   */
  public static boolean isSafe(URI from, URI to) {
    return to.getHost() != null
        && ("https".equals(to.getScheme())
            || ("http".equals(to.getScheme())
                && "http".equals(from.getScheme())
                && isLoopback(to.getHost())));
  }

  /** The host in lower case, with its port unless that is the scheme's own. */
  public static String authority(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    boolean usual = uri.getPort() < 0 || uri.getPort() == usualPort(uri);
    return usual ? host : host + ":" + uri.getPort();
  }

  /** Whether a host is this machine. */
  static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("127.0.0.1");
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : usualPort(uri);
  }

  private static int usualPort(URI uri) {
    return uri.getScheme().equals("https") ? 443 : 80;
  }
}
