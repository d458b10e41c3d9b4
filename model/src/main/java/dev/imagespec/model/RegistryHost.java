package dev.imagespec.model;

import java.util.Collection;
import java.util.Locale;
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
  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern HOST =
      Pattern.compile("(" + LABEL + "(?:\\." + LABEL + ")*)(?::([0-9]{1,5}))?");
  private static final int MAX_PORT = 65_535;
  private static final int MAX_PUBLIC_NAME = 205;

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
      throw new IllegalArgumentException(
          "a registry does not end with a slash; write \"" + text.replaceAll("/+$", "") + "\"");
    }
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    return new RegistryHost(host, slash < 0 ? "" : text.substring(slash + 1));
  }

  /** The ECR registry that this is, by its host name; empty for any other registry. */
  public Optional<EcrHost> ecr() {
    return EcrHost.parse(hostName());
  }

  /**
   * Checks that an ECR registry's region is no slip of the pen.
   *
   * @param admitted regions that are right although this release does not know them
   * @return this
   * @throws IllegalArgumentException if the region is unknown and close to a known one; the message
   *     names that
   */
  public RegistryHost requireRegion(Collection<String> admitted) {
    Optional<EcrHost> ecr = ecr().filter(host -> !admitted.contains(host.region()));
    Optional<String> meant = ecr.flatMap(EcrHost::regionMeant);
    if (meant.isPresent()) {
      throw new IllegalArgumentException(
          "there is no AWS region " + ecr.get().region() + "; did you mean " + meant.get() + "?");
    }
    return this;
  }

  /** The host without its port. */
  public String hostName() {
    int colon = host.indexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }

  /**
   * The repository of this name in the registry, its prefix in front.
   *
   * @throws IllegalArgumentException if the name is none that this registry takes
   */
  public RepositoryName repository(String name) {
    RepositoryName own = new RepositoryName(name);
    if (host.equals(ECR_PUBLIC) && name.length() > MAX_PUBLIC_NAME) {
      throw new IllegalArgumentException(
          "a repository name of Amazon ECR Public has at most " + MAX_PUBLIC_NAME + " characters");
    }
    String path = prefix.isEmpty() ? own.value() : prefix + "/" + own;
    return ecr().isPresent() ? RepositoryName.ofEcr(path) : new RepositoryName(path);
  }

  private static void checkHost(String host) {
    Matcher matcher = HOST.matcher(host);
    if (!matcher.matches()) {
      int colon = host.indexOf(':');
      // A confusable or upper-case ECR host deserves ECR's message, but not for a wrong port.
      if (colon < 0 || !HOST.matcher(host.substring(0, colon)).matches()) {
        EcrHost.parse(colon < 0 ? host : host.substring(0, colon));
      }
      throw new IllegalArgumentException(explain(host));
    }
    String port = matcher.group(2);
    if (port != null && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > MAX_PORT)) {
      throw new IllegalArgumentException("a port lies between 1 and " + MAX_PORT + ", not " + port);
    }
    EcrHost.parse(matcher.group(1));
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
  public String toString() {
    return prefix.isEmpty() ? host : host + "/" + prefix;
  }
}
