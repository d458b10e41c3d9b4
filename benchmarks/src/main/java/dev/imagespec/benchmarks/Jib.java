package dev.imagespec.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * jib-core in a process.
 *
 * @param atATime how many images are pushed at the same time
 */
record Jib(String name, int atATime) implements Peer {
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
            JibBuilds.class.getName(),
            trial.orders().toString(),
            String.valueOf(atATime),
            failed(trial).toString()));
    return new Timed.Command(words, Map.of(), trial.folder());
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
