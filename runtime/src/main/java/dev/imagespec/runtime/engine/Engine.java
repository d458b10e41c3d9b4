package dev.imagespec.runtime.engine;

import java.util.List;

/**
 * A program that runs the steps of environments. Further ones are found with {@link
 * java.util.ServiceLoader}; they are asked before the project's own, in their order.
 */
public interface Engine {
  /** The engines that come with the project, in the order in which they are tried. */
  static List<Engine> builtIn() {
    return List.of(new BuildxEngine(), new DockerEngine(), new BuildahEngine());
  }

  /** The name by which the setting {@code imagespec.engine} chooses it. */
  String name();

  /**
   * The builders that it has here.
   *
   * @param settings how it is to work
   * @return at least one
   * @throws EngineException with {@link EngineException.Kind#MISSING} if it cannot be used on this
   *     machine; the message says why, and what to install
   */
  List<EngineBuilder> builders(EngineSettings settings)
      throws EngineException, InterruptedException;
}
