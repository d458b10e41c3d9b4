package dev.imagespec.runtime;

import dev.imagespec.model.Namespace;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;

/**
 * Reads base images from another registry than the one their references name. The references, and
 * so all lock keys and fingerprints, stay the same.
 *
 * @param from the registry, with an optional path, that references name
 * @param to the registry, with an optional path, that the images are read from
 */
public record Mirror(Namespace from, Namespace to) {

  /**
   * Parses {@code HOST[/PREFIX]=HOST[/PREFIX]}.
   *
   * @throws IllegalArgumentException if the text does not have that form
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
        Namespace.parse(text.substring(0, equals).strip()),
        Namespace.parse(text.substring(equals + 1).strip()));
  }

  /** Whether this mirror applies to the repository. */
  boolean matches(Repository base) {
    return from.contains(base);
  }

  /** The mirror's repository for a base. */
  Repository in(Repository base) {
    String rest = base.name().value().substring(from.path().length());
    rest = rest.startsWith("/") ? rest.substring(1) : rest;
    String name = to.path().isEmpty() ? rest : rest.isEmpty() ? to.path() : to.path() + "/" + rest;
    return new Repository(to.registry(), new RepositoryName(name));
  }

  @Override
  public String toString() {
    return from + "=" + to;
  }
}
