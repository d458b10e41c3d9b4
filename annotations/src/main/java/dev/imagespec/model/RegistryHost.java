package dev.imagespec.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry, as it stands in front of an image reference: a host, optionally a port, and
 * optionally a path that every repository name is prefixed with.
 *
 * @param host the host, with {@code :port} where one was given; lower case
 * @param prefix the path prefix without slashes at its ends, or empty
 */
public record RegistryHost(String host, String prefix) {
  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
  private static final Pattern HOST =
      Pattern.compile("(" + LABEL + "(?:\\." + LABEL + ")*)(?::([0-9]{1,5}))?");
  private static final int MAX_PORT = 65_535;

  /** The host of Amazon ECR's public gallery. */
  public static final String ECR_PUBLIC = "public.ecr.aws";

  public RegistryHost {
    checkHost(host);
    if (!prefix.isEmpty()) {
      new RepositoryName(prefix);
    }
  }

  /**
   * Reads {@code host[:port][/prefix]}.
   *
   * @throws IllegalArgumentException if the text is not of that form, or resembles a registry of
   *     Amazon ECR but is none; the message says what to write instead
   */
  public static RegistryHost parse(String text) {
    if (text.contains("@")) {
      throw new IllegalArgumentException(
          "credentials do not stand in a registry; they come from the AWS credential chain or from the"
              + " Docker configuration");
    }
    if (text.contains("://")) {
      throw new IllegalArgumentException(
          "a registry has no scheme; write \"" + text.substring(text.indexOf("://") + 3) + "\"");
    }
    if (text.endsWith("/")) {
      throw new IllegalArgumentException("a registry does not end with a slash");
    }
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    return new RegistryHost(host, slash < 0 ? "" : text.substring(slash + 1));
  }

  /** The ECR registry that this is, by its host name; empty for any other registry. */
  public Optional<EcrHost> ecr() {
    return EcrHost.parse(hostName());
  }

  /** The host without its port. */
  public String hostName() {
    int colon = host.indexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }

  /** The repository of this name in the registry, its prefix in front. */
  public RepositoryName repository(String name) {
    String path = prefix.isEmpty() ? name : prefix + "/" + name;
    return ecr().isPresent() ? RepositoryName.ofEcr(path) : new RepositoryName(path);
  }

  private static void checkHost(String host) {
    Matcher matcher = HOST.matcher(host);
    if (!matcher.matches()) {
      // A confusable or upper-case ECR host deserves ECR's message.
      EcrHost.parse(host);
      throw new IllegalArgumentException(
          "a registry is a host name in lower case, optionally with a port, such as ghcr.io or"
              + " localhost:5000");
    }
    String port = matcher.group(2);
    if (port != null && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > MAX_PORT)) {
      throw new IllegalArgumentException("a port lies between 1 and " + MAX_PORT + ", not " + port);
    }
    EcrHost.parse(matcher.group(1));
  }

  @Override
  public String toString() {
    return prefix.isEmpty() ? host : host + "/" + prefix;
  }
}
