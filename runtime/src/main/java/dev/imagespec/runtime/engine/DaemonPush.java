package dev.imagespec.runtime.engine;

/** Pushes an image that a Docker daemon built into its own store. */
final class DaemonPush {
  private DaemonPush() {}

  /**
   * Pushes the image, unless it is no longer wanted. Then removes its name from the store in either
   * case; the results of steps stay in the daemon's cache.
   *
   * @param docker the program, with the daemon's context
   * @param builder the builder's name, for people
   */
  static void push(
      EngineBuild build,
      Command docker,
      String builder,
      EngineSettings settings,
      EngineOutput output)
      throws EngineException, InterruptedException {
    try {
      if (build.isWanted()) {
        BuildCommand.run(
            docker.copy().with("push", build.image()), builder, build, settings, output);
      }
    } finally {
      forget(build, docker, output);
    }
  }

  /** Removes the image's name from the daemon's store. */
  static void forget(EngineBuild build, Command docker, EngineOutput output)
      throws InterruptedException {
    Command.Answer removed = docker.copy().with("image", "rm", "--no-prune", build.image()).ask();
    if (!removed.isGood()) {
      output.line("(the name " + build.image() + " stays in the daemon: " + removed.last() + ")");
    }
  }
}
