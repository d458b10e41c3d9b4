package dev.imagespec.runtime.target;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Repository;

/**
 * A repository that a registration needs.
 *
 * @param repository the repository
 * @param asked what its specs ask for
 * @param exists whether it existed when it was queried
 */
public record Wish(Repository repository, Manifest.Repository asked, boolean exists) {
  /** The same repository, now that it exists. */
  public Wish existing() {
    return new Wish(repository, asked, true);
  }
}
