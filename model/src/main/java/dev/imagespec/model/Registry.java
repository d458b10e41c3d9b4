package dev.imagespec.model;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A registry: a host and an optional port. All names of Docker Hub become {@code docker.io}, so
 * that they are equal.
 */
public final class Registry implements Comparable<Registry> {
  /** Docker Hub. */
  public static final Registry DOCKER_HUB = new Registry("docker.io", -1, null);

  /** The names that Docker and its tools use for Docker Hub. */
  private static final Map<String, Registry> ALIASES =
      Map.of(
          "docker.io", DOCKER_HUB,
          "index.docker.io", DOCKER_HUB,
          "registry-1.docker.io", DOCKER_HUB,
          "registry.hub.docker.com", DOCKER_HUB);

  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

  /** Possessive, so that a long text does not overflow the stack. */
  private static final Pattern HOST =
      Pattern.compile("(" + LABEL + "(?:\\." + LABEL + ")*+)(?::([0-9]{1,5}))?");

  private static final int MAX_PORT = 65_535;

  private final String host;
  private final int port;
  private final @Nullable EcrHost ecr;

  private Registry(String host, int port, @Nullable EcrHost ecr) {
    this.host = host;
    this.port = port;
    this.ecr = ecr;
  }

  /**
   * Reads {@code host[:port]}.
   *
   * @throws IllegalArgumentException if the text does not have that form, or looks like a registry
   *     of Amazon ECR but is not one; the message says what to write instead
   */
  public static Registry parse(String text) {
    Registry alias = ALIASES.get(text);
    if (alias != null) {
      return alias;
    }
    Matcher matcher = HOST.matcher(text);
    if (!matcher.matches()) {
      int colon = text.indexOf(':');
      // For a host that only looks like an ECR host, or is in upper case, ECR's message helps more;
      // but not if the port is wrong.
      if (colon < 0 || !HOST.matcher(text.substring(0, colon)).matches()) {
        EcrHost.parse(colon < 0 ? text : text.substring(0, colon));
      }
      throw new IllegalArgumentException(explain(text));
    }
    int port = matcher.group(2) == null ? -1 : Integer.parseInt(matcher.group(2));
    if (port == 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("a port lies between 1 and " + MAX_PORT + ", not " + port);
    }
    return new Registry(matcher.group(1), port, EcrHost.parse(matcher.group(1)).orElse(null));
  }

  /**
   * The account, region and so on that the host of a private Amazon ECR registry names. Empty for
   * any other registry.
   */
  public Optional<EcrHost> ecr() {
    return Optional.ofNullable(ecr);
  }

  /** Whether this is Amazon ECR Public, by its usual or its dual-stack host. */
  public boolean isEcrPublic() {
    return EcrHost.isPublic(host);
  }

  /** Whether this is a port on this machine. Such a registry speaks plain HTTP. */
  public boolean isLoopback() {
    return port >= 0 && (host.equals("localhost") || host.equals("127.0.0.1"));
  }

  /**
   * Checks that the region of an Amazon ECR registry is not a typing error.
   *
   * @param admitted regions to accept although this release does not know them
   * @return this
   * @throws IllegalArgumentException if the region is unknown and close to a known one; the message
   *     names the known one
   */
  public Registry requireRegion(Collection<String> admitted) {
    if (ecr != null && !admitted.contains(ecr.region()) && ecr.regionMeant().isPresent()) {
      throw new IllegalArgumentException(
          "there is no AWS region "
              + ecr.region()
              + "; did you mean "
              + ecr.regionMeant().get()
              + "?");
    }
    return this;
  }

  private static String explain(String host) {
    if (host.isEmpty()) {
      return "a registry is a host name such as ghcr.io or localhost:5000";
    }
    for (int c : host.codePoints().toArray()) {
      if (c <= ' ' || c >= 0x7f) {
        return String.format(
            Locale.ROOT,
            "a host name has no character U+%04X (%s)",
            c,
            String.valueOf(Character.getName(c)).toLowerCase(Locale.ROOT));
      }
    }
    int colon = host.indexOf(':');
    if (colon >= 0 && HOST.matcher(host.substring(0, colon)).matches()) {
      return "after the colon stands a port, a number between 1 and " + MAX_PORT;
    }
    String lower = host.toLowerCase(Locale.ROOT);
    if (!lower.equals(host) && HOST.matcher(lower).matches()) {
      return "a host name is written in lower case: \"" + lower + "\"";
    }
    return "a registry is a host name of letters, digits, dashes and dots, optionally with a port, such"
        + " as ghcr.io or localhost:5000";
  }

  @Override
  public int compareTo(Registry other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Registry that && host.equals(that.host) && port == that.port;
  }

  @Override
  public int hashCode() {
    return 31 * host.hashCode() + port;
  }

  /** {@code host[:port]}. */
  @Override
  public String toString() {
    return port < 0 ? host : host + ":" + port;
  }
}
