package dev.imagespec.runtime;

import java.util.List;

/**
 * What a registration would do.
 *
 * @param images the images, in the order of their first task
 * @param failures tasks whose image cannot be planned
 */
public record Plan(List<Image> images, List<Failure> failures) {
  public Plan {
    images = List.copyOf(images);
    failures = List.copyOf(failures);
  }

  /** Whether a registration would build anything. */
  public boolean hasWork() {
    return images.stream().anyMatch(image -> image.action() == Action.BUILD);
  }

  /** What would happen to an image. */
  public enum Action {
    /** It would be built and pushed. */
    BUILD,
    /** It exists in its repository. */
    REUSE
  }

  /**
   * An image.
   *
   * @param repository its repository, with the registry
   * @param tag the tag, which contains its fingerprint
   * @param fingerprint 64 hex digits
   * @param action what would happen
   * @param reasons why, one phrase each
   * @param tasks binary names of the task classes that run in it
   */
  public record Image(
      String repository,
      String tag,
      String fingerprint,
      Action action,
      List<String> reasons,
      List<String> tasks) {
    public Image {
      reasons = List.copyOf(reasons);
      tasks = List.copyOf(tasks);
    }
  }
}
