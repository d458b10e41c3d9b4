package dev.imagespec.benchmarks;

import dev.imagespec.testkit.DockerDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code docker buildx build --push} for each image, with a daemon of the harness's own. */
record Buildx(DockerDaemon docker) implements Peer {
  /** Where one build takes seconds, many would take the hour. */
  static final int MOST = 10;

  private static final String SCRIPT =
      """
      i=0
      while [ $i -lt $2 ]; do
        "$0" buildx build -q --push --provenance=false -f $3/$i -t $1/bench/r0:i$i $4
        i=$((i + 1))
      done
      """;

  @Override
  public String name() {
    return "docker buildx build --push";
  }

  /** To registries on the machine, BuildKit speaks plain HTTP. */
  @Override
  public boolean tls() {
    return false;
  }

  @Override
  public boolean takes(Scenario scenario) {
    return scenario.images() <= MOST
        && scenario.repositories() == 1
        && scenario.roundTrip().isZero();
  }

  @Override
  public void prepare(Trial trial, Phase phase) throws IOException {
    if (phase == Phase.COLD) {
      Dockerfiles.write(trial);
      List<String> images = docker.docker("images", "-aq").output().lines().distinct().toList();
      for (String image : images) {
        docker.docker("rmi", "-f", image);
      }
      docker.docker("builder", "prune", "-af");
    }
  }

  @Override
  public Timed.Command command(Trial trial, Phase phase) {
    Path folder = trial.folder().resolve("dockerfiles");
    return new Timed.Command(
        List.of(
            "sh",
            "-ec",
            SCRIPT,
            DockerDaemon.client().toString(),
            trial.bench().toolHost(),
            String.valueOf(trial.scenario().images()),
            folder.toString(),
            trial.project().folder().toString()),
        docker.environment(),
        trial.folder());
  }

  @Override
  public List<String> references(Trial trial) {
    return trial.tagged();
  }

  @Override
  public Daemon daemon() {
    return new Daemon(List.of("dockerd", "containerd"));
  }
}
