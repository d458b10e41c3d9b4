package dev.imagespec.runtime.plan;

import dev.imagespec.model.Digest;
import java.util.Optional;

/**
 * A further tag of an image.
 *
 * @param name the tag
 * @param current the digest that it names now; empty if there is no such tag
 */
public record PlannedTag(String name, Optional<Digest> current) {
  /** Whether it names this image already. */
  public boolean names(Digest image) {
    return current.equals(Optional.of(image));
  }
}
