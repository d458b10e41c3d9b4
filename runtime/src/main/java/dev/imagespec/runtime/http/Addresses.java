package dev.imagespec.runtime.http;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** Resolves addresses that servers send in headers, and decides what may be sent to them. */
public final class Addresses {
  /** What no address has unencoded, but for what could mean another host. */
  private static final String TO_ENCODE = "|{}^`\"<> ";

  private Addresses() {}

  /**
   * Resolves an address in a header against the address that was requested; empty if it is invalid.
   * Characters that have to be encoded, but that some servers leave as they are, get encoded.
   */
  public static Optional<URI> resolve(URI from, String text) {
    try {
      return Optional.of(from.resolve(encoded(text))).filter(uri -> uri.getScheme() != null);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (TO_ENCODE.indexOf(c) >= 0) {
        encoded.append('%').append(Integer.toHexString(c).toUpperCase(Locale.ROOT));
      } else {
        encoded.append(c);
      }
    }
    return encoded.toString();
  }

  /**
   * An address with HTTPS, if it has plain HTTP for a host that was asked with HTTPS: what ends the
   * encryption before a server often does not tell it.
   */
  public static URI secured(URI asked, URI named) {
    boolean isPlain =
        "https".equals(asked.getScheme())
            && "http".equals(named.getScheme())
            && named.getHost() != null
            && named.getHost().equalsIgnoreCase(asked.getHost())
            && (named.getPort() < 0 || named.getPort() == port(asked));
    return isPlain
        ? asked.resolve(
            named.getRawPath() + (named.getRawQuery() == null ? "" : "?" + named.getRawQuery()))
        : named;
  }

  /** An address with one more parameter, and without a fragment. */
  public static URI withQuery(URI address, String parameter) {
    String text = address.toString().replaceFirst("#.*$", "");
    return URI.create(text + (address.getRawQuery() == null ? "?" : "&") + parameter);
  }

  /** Whether two addresses have the same scheme, host and port. */
  public static boolean sameOrigin(URI a, URI b) {
    return a.getScheme().equals(b.getScheme())
        && a.getHost() != null
        && a.getHost().equalsIgnoreCase(b.getHost())
        && port(a) == port(b);
  }

  /**
   * Whether what is sent to an address that a server names is safe from eavesdroppers: HTTPS, or
   * plain HTTP on this machine, which only a server on this machine may name.
   */
  public static boolean isSafe(URI from, URI to) {
    return to.getHost() != null
        && ("https".equals(to.getScheme())
            || ("http".equals(to.getScheme())
                && "http".equals(from.getScheme())
                && isLoopback(to.getHost())));
  }

  /** The host in lower case, with its port unless that is the scheme's default. */
  public static String authority(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    boolean usual = uri.getPort() < 0 || uri.getPort() == usualPort(uri);
    return usual ? host : host + ":" + uri.getPort();
  }

  /** Whether a host is this machine. */
  public static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("127.0.0.1");
  }

  /** The port, which the scheme says if the address does not. */
  static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : usualPort(uri);
  }

  private static int usualPort(URI uri) {
    return uri.getScheme().equals("https") ? 443 : 80;
  }
}
