package dev.imagespec.runtime.registry;

import dev.imagespec.runtime.ImageSpecException;
import java.util.Map;
import java.util.Optional;

/**
 * What exists of some tags of a repository. A tag is found, or absent, or nothing can be said of
 * it.
 *
 * @param repositoryExists whether the repository itself exists
 * @param found what each existing tag names
 * @param unknown why nothing can be said of other tags
 */
public record Existing<T>(
    boolean repositoryExists, Map<String, T> found, Map<String, ImageSpecException> unknown) {
  public Existing {
    found = Map.copyOf(found);
    unknown = Map.copyOf(unknown);
  }

  /**
   * What a tag names.
   *
   * @return empty if it does not exist
   * @throws ImageSpecException if nothing can be said of it: that is never taken to exist
   */
  public Optional<T> get(String tag) {
    ImageSpecException cause = unknown.get(tag);
    if (cause != null) {
      throw cause;
    }
    return Optional.ofNullable(found.get(tag));
  }
}
