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
    int slash = text.indexOf('/');
    return new Namespace(
        Registry.parse(slash < 0 ? text : text.substring(0, slash)),
        slash < 0 ? "" : text.substring(slash + 1));
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
