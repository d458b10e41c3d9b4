package dev.imagespec.runtime;

import dev.imagespec.model.RegistryHost;
import dev.imagespec.model.RepositoryName;

/**
 * Says that base images of one place are read from another. What they are called, and so every lock
 * key and fingerprint, stays the same.
 *
 * @param from the registry, with an optional path, that references name
 * @param to the registry, with an optional path, that bytes are read from
 */
public record Mirror(RegistryHost from, RegistryHost to) {

  /**
   * Reads {@code HOST[/PREFIX]=HOST[/PREFIX]}.
   *
   * @throws IllegalArgumentException if the text is not of that form
   */
  public static Mirror parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException(
          "a mirror is HOST[/PREFIX]=HOST[/PREFIX], such as docker.io=mirror.example.com/hub; this is \""
              + text
              + "\"");
    }
    return new Mirror(
        RegistryHost.parse(
            text.substring(0, equals).strip().replaceFirst("^index\\.docker\\.io", "docker.io")),
        RegistryHost.parse(text.substring(equals + 1).strip()));
  }

  /** Whether this mirror has the repository: by whole parts of its path. */
  boolean matches(String registry, RepositoryName repository) {
    return registry.equals(from.host())
        && (from.prefix().isEmpty()
            || repository.value().equals(from.prefix())
            || repository.value().startsWith(from.prefix() + "/"));
  }

  /** The repository's name in the mirror. */
  RepositoryName name(RepositoryName repository) {
    String rest = repository.value().substring(from.prefix().length());
    rest = rest.startsWith("/") ? rest.substring(1) : rest;
    if (to.prefix().isEmpty()) {
      return new RepositoryName(rest);
    }
    return new RepositoryName(rest.isEmpty() ? to.prefix() : to.prefix() + "/" + rest);
  }

  @Override
  public String toString() {
    return from + "=" + to;
  }
}
