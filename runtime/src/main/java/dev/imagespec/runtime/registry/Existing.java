package dev.imagespec.runtime.registry;

import dev.imagespec.runtime.ImageSpecException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Which tags of a repository exist. A tag is found, or absent, or its state is unknown.
 *
 * @param repositoryExists whether the repository itself exists
 * @param found what each existing tag names
 * @param unknown why the state of other tags is unknown
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
   * @throws ImageSpecException if its state is unknown: it is never assumed to exist
   */
  public Optional<T> get(String tag) {
    ImageSpecException cause = unknown.get(tag);
    if (cause != null) {
      throw cause;
    }
    return Optional.ofNullable(found.get(tag));
  }

  /**
   * Converts what was found.
   *
   * @param mapping converts a tag and what it names; if it fails, the tag's state is unknown
   */
  public <R> Existing<R> map(BiFunction<String, T, R> mapping) {
    Map<String, R> mapped = new LinkedHashMap<>();
    Map<String, ImageSpecException> failed = new LinkedHashMap<>(unknown);
    found.forEach(
        (tag, value) -> {
          try {
            mapped.put(tag, mapping.apply(tag, value));
          } catch (ImageSpecException e) {
            failed.put(tag, e);
          }
        });
    return new Existing<>(repositoryExists, mapped, failed);
  }
}
