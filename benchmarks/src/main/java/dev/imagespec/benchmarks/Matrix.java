package dev.imagespec.benchmarks;

import dev.imagespec.testkit.DockerRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Times peers side by side in scenarios, in another order each time. */
final class Matrix {
  private final Bench bench;
  private final ReadBack readBack;
  private final Consumer<Sample> samples;
  private int trials;

  Matrix(Bench bench, Consumer<Sample> samples) {
    this.bench = bench;
    this.readBack = new ReadBack(bench.base());
    this.samples = samples;
  }

  /**
   * Times the peers in a scenario.
   *
   * @param group the group of the samples
   * @param payload how large an image's own file is, in bytes
   */
  void run(String group, Scenario scenario, List<Peer> peers, int repetitions, int payload)
      throws IOException, InterruptedException {
    Path folder = Files.createDirectory(bench.folder().resolve("scenario"));
    try {
      Project project =
          Project.make(
              Files.createDirectory(folder.resolve("project")),
              scenario,
              bench.host() + "/base:1",
              payload);
      for (int repetition = 0; repetition < repetitions; repetition++) {
        List<Peer> order = new ArrayList<>(peers);
        Collections.rotate(order, repetition);
        if (order.size() > 2 && repetition % 2 == 1) {
          Collections.reverse(order);
        }
        for (Peer peer : order) {
          run(
              group,
              new Trial(bench, scenario, project, folder.resolve("trial")),
              peer,
              repetition);
        }
      }
    } finally {
      Trees.delete(folder);
    }
  }

  private void run(String group, Trial trial, Peer peer, int repetition)
      throws IOException, InterruptedException {
    trials++;
    Files.createDirectory(trial.folder());
    trial.project().fill(0, 0);
    Path data = trial.folder().resolve("registry");
    try (DockerRegistry registry = bench.registry(data, peer.tls())) {
      bench.relay().lead(registry.port(), trial.scenario().roundTrip());
      AccessLog log = new AccessLog(data);
      for (Phase phase : trial.scenario().phases(group)) {
        if (phase == Phase.CHANGED) {
          trial.project().fill(0, trials);
        }
        peer.prepare(trial, phase);
        samples.accept(time(group, trial, peer, phase, repetition, log));
        check(trial, peer, bench.wire(registry, peer.tls()));
      }
    } finally {
      Trees.delete(trial.folder());
    }
  }

  private Sample time(
      String group, Trial trial, Peer peer, Phase phase, int repetition, AccessLog log)
      throws IOException, InterruptedException {
    Timed.Command command = peer.command(trial, phase);
    long requests = log.requests();
    Relay.Count before = bench.relay().count();
    peer.daemon().resetPeaks();
    double daemon = peer.daemon().seconds();
    Sample.Cost cost = Timed.run(command, trial.folder());
    double processor = cost.processor() + peer.daemon().seconds() - daemon;
    double memory = Math.max(cost.memoryMegabytes(), peer.daemon().peak());
    Relay.Count count = bench.relay().count().since(before);
    return new Sample(
        group,
        trial.scenario(),
        peer.name(),
        phase,
        repetition,
        new Sample.Cost(cost.wall(), processor, memory, HeapLog.peakMegabytes(trial.folder())),
        new Sample.Traffic(
            log.requests() - requests, count.connections(), count.up(), count.down()),
        peer.failures(trial));
  }

  private void check(Trial trial, Peer peer, Wire wire) throws IOException, InterruptedException {
    List<String> references = peer.references(trial);
    for (int image = 0; image < trial.scenario().images(); image++) {
      try {
        readBack.check(wire, references.get(image), peer.files(trial, image));
      } catch (IllegalStateException e) {
        throw new IllegalStateException(
            peer.name() + " in " + trial.scenario() + ": " + e.getMessage(), e);
      }
    }
  }
}
