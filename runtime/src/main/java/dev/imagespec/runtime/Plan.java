package dev.imagespec.runtime;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a registration would do.
 *
 * @param images the images, bases before images based on them, else in the order of their first
 *     task
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

  /** What would happen to a further tag. */
  public enum TagAction {
    /** It names the image already. */
    KEEP,
    /** There is no such tag yet. */
    SET,
    /** It names another image, and would name this one. */
    MOVE
  }

  /**
   * A further tag of an image.
   *
   * @param name the tag
   * @param action what would happen to it
   */
  public record Tag(String name, TagAction action) {}

  /**
   * An image.
   *
   * @param repository its repository, with the registry
   * @param tag the tag, which contains its fingerprint
   * @param fingerprint 64 hex digits
   * @param action what would happen
   * @param reasons why, one phrase each
   * @param digests the digest of each platform's manifest; empty if the image does not exist yet
   * @param tasks binary names of the task classes that run in it
   * @param tags its further tags, and what would become of each
   */
  public record Image(
      String repository,
      String tag,
      String fingerprint,
      Action action,
      List<String> reasons,
      Map<Platform, Digest> digests,
      List<String> tasks,
      List<Tag> tags) {
    public Image {
      tags = List.copyOf(tags);
      digests = Collections.unmodifiableMap(new TreeMap<>(digests));
      reasons = List.copyOf(reasons);
      tasks = List.copyOf(tasks);
    }
  }
}
