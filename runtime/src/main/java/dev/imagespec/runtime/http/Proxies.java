package dev.imagespec.runtime.http;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses proxies from {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, in upper or
 * lower case. Requests to this machine never use a proxy.
 */
final class Proxies extends ProxySelector {
  private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

  private final Map<String, String> environment;

  private Proxies(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * The selector for these environment variables.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if a proxy's address is
   *     invalid, or contains a password
   */
  static ProxySelector of(Map<String, String> environment) {
    Proxies proxies = new Proxies(environment);
    proxies.proxy("HTTPS_PROXY");
    proxies.proxy("HTTP_PROXY");
    return proxies;
  }

  @Override
  public List<Proxy> select(URI uri) {
    String host = uri.getHost();
    if (host == null || Addresses.isLoopback(host) || isExempt(uri)) {
      return DIRECT;
    }
    return proxy(uri.getScheme().equals("https") ? "HTTPS_PROXY" : "HTTP_PROXY")
        .map(List::of)
        .orElse(DIRECT);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {
    // The request itself fails with this exception; there is no other proxy to try.
  }

  private boolean isExempt(URI uri) {
    return Arrays.stream(value("NO_PROXY").split("[,\\s]+"))
        .flatMap(entry -> ProxyExemption.parse(entry).stream())
        .anyMatch(exemption -> exemption.covers(uri));
  }

  private Optional<Proxy> proxy(String name) {
    String value = value(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    String text = value.contains("://") ? value : "http://" + value;
    if (text.contains("@")) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          name + " has a user or password, which is not supported; name a proxy that needs none.");
    }
    try {
      URI uri = URI.create(text);
      if (uri.getHost() == null) {
        throw new IllegalArgumentException("no host");
      }
      int port = uri.getPort() < 0 ? 80 : uri.getPort();
      return Optional.of(
          new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(uri.getHost(), port)));
    } catch (IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          name + " is no address of a proxy; it has the form http://host:port.",
          e);
    }
  }

  private String value(String name) {
    String upper = environment.getOrDefault(name, "");
    return upper.isEmpty() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : upper;
  }
}
