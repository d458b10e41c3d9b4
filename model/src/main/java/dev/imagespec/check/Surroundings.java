package dev.imagespec.check;

import dev.imagespec.model.ProjectDirectory;
import java.util.List;
import java.util.Optional;

/**
 * What checks look at besides the spec itself. What is unknown is not held against a spec, so each
 * answer here is the one that leaves a spec right.
 */
public interface Surroundings {
  /** Nothing is known but the spec. */
  Surroundings UNKNOWN = new Surroundings() {};

  /** Whether {@code java} can run the spec's main class. */
  default boolean mainRuns() {
    return true;
  }

  /** Whether the class that the spec names as its base is a task class. */
  default boolean baseIsTask() {
    return true;
  }

  /** The classes by which the spec is based on itself, first and last the same; else empty. */
  default List<String> baseCycle() {
    return List.of();
  }

  /** The project directory; empty if nobody looks for files. */
  default Optional<ProjectDirectory> projectDirectory() {
    return Optional.empty();
  }

  /** Whether an AWS region is right although this release does not know it. */
  default boolean admitsRegion(String region) {
    return true;
  }
}
