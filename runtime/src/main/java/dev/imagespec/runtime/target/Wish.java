package dev.imagespec.runtime.target;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Repository;

/**
 * A repository that a registration needs.
 *
 * @param repository the repository
 * @param asked what its specs ask of it
 * @param exists whether it existed when it was asked for
 */
public record Wish(Repository repository, Manifest.Repository asked, boolean exists) {
  /** The same, now that the repository exists. */
  public Wish existing() {
    return new Wish(repository, asked, true);
  }
}
