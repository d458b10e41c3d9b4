package dev.imagespec.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code buildah bud} and {@code buildah push} for each image. */
record Buildah() implements Peer {
  private static final String SCRIPT =
      """
      run() {
        command buildah --root "$storage/root" --runroot "$storage/run" --storage-driver vfs "$@"
      }
      storage=$4
      i=0
      while [ $i -lt $1 ]; do
        image=$0/bench/r0:i$i
        run bud -q --layers --isolation chroot --tls-verify=false --timestamp 0 -f $2/$i -t $image $3
        run push -q --tls-verify=false $image docker://$image
        i=$((i + 1))
      done
      """;

  @Override
  public String name() {
    return "buildah bud, push";
  }

  @Override
  public boolean takes(Scenario scenario) {
    return scenario.images() <= Buildx.MOST
        && scenario.repositories() == 1
        && scenario.roundTrip().isZero();
  }

  @Override
  public void prepare(Trial trial, Phase phase) throws IOException {
    if (phase == Phase.COLD) {
      Dockerfiles.write(trial);
    }
  }

  @Override
  public Timed.Command command(Trial trial, Phase phase) {
    return new Timed.Command(
        List.of(
            "sh",
            "-ec",
            SCRIPT,
            trial.bench().toolHost(),
            String.valueOf(trial.scenario().images()),
            trial.folder().resolve("dockerfiles").toString(),
            trial.project().folder().toString(),
            trial.folder().resolve("storage").toString()),
        Map.of("HOME", trial.folder().toString(), "TMPDIR", trial.folder().toString()),
        trial.folder());
  }

  @Override
  public List<String> references(Trial trial) {
    return trial.tagged();
  }
}
