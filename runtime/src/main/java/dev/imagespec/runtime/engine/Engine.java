package dev.imagespec.runtime.engine;

import java.util.List;
import java.util.Optional;

/**
 * A program that runs the steps of environments. More engines are found with {@link
 * java.util.ServiceLoader}; they are tried before the built-in ones, in their order.
 */
public interface Engine {
  /** The built-in engines, in the order in which they are tried. */
  static List<Engine> builtIn() {
    return List.of(new BuildxEngine(), new DockerEngine(), new BuildahEngine());
  }

  /** The name that selects it in the setting {@code imagespec.engine}. */
  String name();

  /**
   * The program that it needs on the {@code PATH}, so that a plan can say which engine there is
   * without starting one; empty if it needs none.
   */
  default Optional<String> program() {
    return Optional.empty();
  }

  /**
   * Its builders on this machine.
   *
   * @param settings how it should work
   * @return at least one
   * @throws EngineException with {@link EngineException.Kind#MISSING} if it cannot be used on this
   *     machine; the message says why, and what to install
   */
  List<EngineBuilder> builders(EngineSettings settings)
      throws EngineException, InterruptedException;
}
