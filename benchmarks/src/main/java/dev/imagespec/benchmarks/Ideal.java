package dev.imagespec.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@link IdealClient} in a process. */
record Ideal() implements Peer {
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
  public void prepare(Trial trial, Phase phase) throws IOException {
    if (phase == Phase.COLD) {
      Trees.delete(trial.cache());
    }
  }

  @Override
  public Timed.Command command(Trial trial, Phase phase) throws IOException {
    List<String> words = new ArrayList<>(List.of(Surroundings.java().toString()));
    words.addAll(trial.bench().flags());
    words.addAll(
        List.of(
            "-cp",
            trial.bench().clients().toString(),
            IdealClient.class.getName(),
            trial.orders().toString(),
            trial.folder().resolve("references").toString()));
    return new Timed.Command(words, Map.of(), trial.folder());
  }

  @Override
  public List<String> references(Trial trial) throws IOException {
    return Files.readAllLines(trial.folder().resolve("references")).stream()
        .map(reference -> reference.substring(reference.indexOf('/') + 1))
        .toList();
  }
}
