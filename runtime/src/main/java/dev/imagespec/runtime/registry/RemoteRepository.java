package dev.imagespec.runtime.registry;

import dev.imagespec.model.RepositoryName;

/**
 * A repository in a registry.
 *
 * @param registry the registry's host, with {@code :port} where it is not the scheme's own
 * @param name the repository's name
 */
public record RemoteRepository(String registry, RepositoryName name) {
  @Override
  public String toString() {
    return registry + "/" + name;
  }
}
