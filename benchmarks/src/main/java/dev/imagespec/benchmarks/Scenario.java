package dev.imagespec.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * How much is registered, and over what way.
 *
 * @param tasks task classes; as many as images unless several share one
 * @param images distinct images
 * @param repositories the repositories of one registry that they are spread over
 * @param roundTrip of the way to the registry
 */
record Scenario(int tasks, int images, int repositories, Duration roundTrip) {
  static Scenario of(int images, int repositories, int roundTripMillis) {
    return new Scenario(images, images, repositories, Duration.ofMillis(roundTripMillis));
  }

  /**
   * What is measured in a group: over several repositories only what is different there, for with
   * something there already they do not matter, and for the scale what grows.
   */
  List<Phase> phases(String group) {
    if (group.equals(Sample.SCALE)) {
      return List.of(Phase.COLD, Phase.NOTHING);
    }
    return repositories == 1 ? List.of(Phase.values()) : List.of(Phase.COLD);
  }

  /** The repository of an image. */
  String repository(int image) {
    return "bench/r" + image % repositories;
  }

  /** How many images, with the word. */
  String counted() {
    return images + (images == 1 ? " image" : " images");
  }

  @Override
  public String toString() {
    return (tasks == images ? "" : tasks + " tasks, ")
        + counted()
        + ", "
        + (repositories == 1 ? "one repository, " : repositories + " repositories, ")
        + roundTrip.toMillis()
        + " ms";
  }
}
