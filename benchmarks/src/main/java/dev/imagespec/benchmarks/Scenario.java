package dev.imagespec.benchmarks;

import java.time.Duration;

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

  /** The repository of an image. */
  String repository(int image) {
    return "bench/r" + image % repositories;
  }

  @Override
  public String toString() {
    return (tasks == images ? "" : tasks + " tasks, ")
        + images
        + (images == 1 ? " image, " : " images, ")
        + (repositories == 1 ? "one repository, " : repositories + " repositories, ")
        + roundTrip.toMillis()
        + " ms";
  }
}
