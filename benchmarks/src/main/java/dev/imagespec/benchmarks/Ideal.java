package dev.imagespec.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@link IdealClient} in a process. */
record Ideal() implements Client {
  static final String NAME = "ideal client";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean takes(Scenario scenario) {
    return true;
  }

  @Override
  public Class<?> program() {
    return IdealClient.class;
  }

  @Override
  public List<String> arguments(Trial trial) {
    return List.of(pushed(trial).toString());
  }

  private static Path pushed(Trial trial) {
    return trial.folder().resolve("references");
  }

  @Override
  public List<String> references(Trial trial) throws IOException {
    return Files.readAllLines(pushed(trial)).stream()
        .map(reference -> reference.substring(reference.indexOf('/') + 1))
        .toList();
  }
}
