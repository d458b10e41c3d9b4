package dev.imagespec.runtime.publish;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.resolve.Fingerprint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The images that existed when a registration was planned, by what they are made of. One that
 * another repository lacks can be mounted from there, for example after a run that was killed.
 */
final class Twins {
  private record Key(Registry registry, Fingerprint fingerprint) {}

  private final Map<Key, List<Repository>> repositories = new HashMap<>();

  Twins(List<PlannedImage> planned) {
    for (PlannedImage image : planned) {
      if (image.isReused()) {
        repositories.computeIfAbsent(key(image), key -> new ArrayList<>(1)).add(image.repository());
      }
    }
  }

  /** Another repository of the registry that has the same image. */
  Optional<Repository> of(PlannedImage image) {
    return repositories.getOrDefault(key(image), List.of()).stream()
        .filter(other -> !other.equals(image.repository()))
        .findFirst();
  }

  private static Key key(PlannedImage image) {
    return new Key(image.repository().registry(), image.fingerprint());
  }
}
