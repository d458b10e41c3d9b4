package dev.imagespec.model;

/**
 * A registry and an optional path that every repository name starts with, such as {@code
 * ghcr.io/acme} or {@code public.ecr.aws/<alias>}.
 *
 * @param registry the registry
 * @param path the path without slashes at its ends, or empty
 */
public record Namespace(Registry registry, String path) {
  private static final int MAX_PUBLIC_NAME = 205;

  /** A path that ends with a tag. */
  private static final String TAGGED = "[^:@]+:[A-Za-z0-9_][A-Za-z0-9_.-]*";

  public Namespace {
    if (!path.isEmpty()) {
      new RepositoryName(path);
    }
  }

  /**
   * Reads {@code host[:port][/path]}.
   *
   * @throws IllegalArgumentException if the text does not have that form, or looks like a registry
   *     of Amazon ECR but is not one; the message says what to write instead
   */
  public static Namespace parse(String text) {
    int slash = text.indexOf('/');
    if (slash >= 0
        && (text.matches("[^@]+@sha(?:256|512):.*") || text.substring(slash).matches(TAGGED))) {
      throw new IllegalArgumentException(tagged(text));
    }
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
          "a registry does not end with a slash; write \""
              + text.replaceAll("(?<!/)/+$", "")
              + "\"");
    }
    return new Namespace(
        Registry.parse(slash < 0 ? text : text.substring(0, slash)),
        slash < 0 ? "" : text.substring(slash + 1));
  }

  /** What to write instead of an image's reference. */
  private static String tagged(String text) {
    String image = text.replaceFirst("@.*", "");
    image = image.replaceFirst(":[^/:]*$", "");
    int slash = image.lastIndexOf('/');
    return "a registry is a host and a path, not an image: a tag is computed from the image's content;"
        + " write registry = \""
        + image.substring(0, slash)
        + "\" and name = \""
        + image.substring(slash + 1)
        + "\"";
  }

  /**
   * Checks that images can be pushed here. In Amazon ECR Public the path is the account's alias,
   * and pushing needs one.
   *
   * @return this
   * @throws IllegalArgumentException if the alias is missing
   */
  public Namespace requireAlias() {
    if (lacksAlias()) {
      throw new IllegalArgumentException(
          "Amazon ECR Public wants the registry's alias: " + registry + "/<alias>");
    }
    return this;
  }

  /** Whether this is Amazon ECR Public without an alias. */
  public boolean lacksAlias() {
    return registry.isEcrPublic() && path.isEmpty();
  }

  /**
   * The repository with this name below the path.
   *
   * @throws IllegalArgumentException if the registry does not allow the name; the message says what
   *     to write instead
   */
  public Repository repository(String name) {
    RepositoryName own = new RepositoryName(name);
    if (registry.isEcrPublic() && name.length() > MAX_PUBLIC_NAME) {
      throw new IllegalArgumentException(
          "a repository name of Amazon ECR Public has at most " + MAX_PUBLIC_NAME + " characters");
    }
    String whole = path.isEmpty() ? own.value() : path + "/" + own;
    return new Repository(
        registry,
        registry.ecr().isPresent() ? RepositoryName.ofEcr(whole) : new RepositoryName(whole));
  }

  /**
   * Whether a repository is in this registry and below the path. Compares whole parts of the name.
   */
  public boolean contains(Repository repository) {
    String name = repository.name().value();
    return registry.equals(repository.registry())
        && (path.isEmpty() || name.equals(path) || name.startsWith(path + "/"));
  }

  /** {@code host[:port][/path]}. */
  @Override
  public String toString() {
    return path.isEmpty() ? registry.toString() : registry + "/" + path;
  }
}
