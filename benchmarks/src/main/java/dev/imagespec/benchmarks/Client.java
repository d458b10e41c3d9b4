package dev.imagespec.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program of the harness's own, which pushes what {@link Orders} say, in a process. */
interface Client extends Peer {
  Class<?> program();

  /** What the program gets besides the orders. */
  List<String> arguments(Trial trial);

  @Override
  default void prepare(Trial trial, Phase phase) throws IOException {
    if (phase == Phase.COLD) {
      Trees.delete(trial.cache());
    }
  }

  @Override
  default Timed.Command command(Trial trial, Phase phase) throws IOException {
    List<String> words = new ArrayList<>(List.of(Surroundings.java().toString()));
    words.addAll(trial.bench().flags());
    words.addAll(List.of("-cp", trial.bench().clients().toString(), program().getName()));
    words.add(trial.orders().toString());
    words.addAll(arguments(trial));
    return new Timed.Command(words, Map.of(), trial.folder());
  }
}
