package dev.imagespec.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * jib-core in a process.
 *
 * @param atATime how many images are pushed at the same time
 */
record Jib(String name, int atATime) implements Client {
  static final String SEQUENTIAL = "jib-core";
  static final String PARALLEL = "jib-core, 8 in parallel";

  @Override
  public boolean takes(Scenario scenario) {
    // Over a long way, one after the other takes eight times as long.
    return atATime == 1
        ? scenario.roundTrip().isZero() || scenario.images() == 1
        : scenario.images() > 1;
  }

  @Override
  public Class<?> program() {
    return JibBuilds.class;
  }

  @Override
  public List<String> arguments(Trial trial) {
    return List.of(String.valueOf(atATime), failed(trial).toString());
  }

  private static Path failed(Trial trial) {
    return trial.folder().resolve("failed");
  }

  @Override
  public List<String> references(Trial trial) {
    return trial.tagged();
  }

  @Override
  public int failures(Trial trial) throws IOException {
    return Integer.parseInt(Files.readString(failed(trial)));
  }
}
