package dev.imagespec.check;

import dev.imagespec.model.ProjectDirectory;
import java.util.List;
import java.util.Optional;

/**
 * What checks need to know besides the spec. The defaults are for callers that do not know: each
 * default raises no problem.
 */
public interface Surroundings {
  /** Only the spec is known. */
  Surroundings UNKNOWN = new Surroundings() {};

  /** Whether {@code java} can run the spec's main class. */
  default MainMethod mainMethod() {
    return MainMethod.RUNS;
  }

  /** Whether the class that the spec names as its base is a task class. */
  default boolean baseIsTask() {
    return true;
  }

  /**
   * The classes of the circle if the spec is based on itself, with the same class first and last;
   * else empty.
   */
  default List<String> baseCycle() {
    return List.of();
  }

  /** The project directory, or empty if files are not checked. */
  default Optional<ProjectDirectory> projectDirectory() {
    return Optional.empty();
  }

  /** Whether to accept an AWS region that this release does not know. */
  default boolean admitsRegion(String region) {
    return true;
  }
}
