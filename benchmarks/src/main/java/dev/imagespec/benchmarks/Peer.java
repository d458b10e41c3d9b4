package dev.imagespec.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A tool that pushes images. */
interface Peer {
  String name();

  /** Whether it takes part in a scenario; tools that would take the most time only in some. */
  boolean takes(Scenario scenario);

  /** Whether it can use a registry with TLS on this machine whose certificate it does not know. */
  default boolean tls() {
    return true;
  }

  /**
   * Makes ready what is not timed: for the cold phase, the tool forgets all that it learnt, and for
   * the last one, what it is given changes.
   */
  void prepare(Trial trial, Phase phase) throws IOException, InterruptedException;

  Timed.Command command(Trial trial, Phase phase) throws IOException;

  /** What it pushed: for each image, the repository with a tag or digest. */
  List<String> references(Trial trial) throws IOException;

  /** Files whose contents must be above the base in an image. */
  default List<Path> files(Trial trial, int image) {
    return List.of(
        trial.project().payload(image), trial.project().jar(), trial.project().classFile(image));
  }

  /** How many images failed at first. */
  default int failures(Trial trial) throws IOException {
    return 0;
  }

  /** What works for it besides the process that is started. */
  default Daemon daemon() {
    return Daemon.NONE;
  }
}
