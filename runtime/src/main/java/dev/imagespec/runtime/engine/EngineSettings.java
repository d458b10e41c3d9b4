package dev.imagespec.runtime.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How engines are to work.
 *
 * @param builders names of builders that the engine knows; none for its own choice
 * @param network the network that steps run in, {@code host} for the machine's own; empty for the
 *     engine's own choice
 * @param cache the repository that keeps the steps' results for other machines, with its registry
 * @param timeout how long a build may take
 * @param dockerConfig the folder of the user's own Docker configuration
 * @param environment the process's environment variables
 */
public record EngineSettings(
    List<String> builders,
    Optional<String> network,
    Optional<String> cache,
    Duration timeout,
    Path dockerConfig,
    Map<String, String> environment) {
  public EngineSettings {
    builders = List.copyOf(builders);
    environment = Map.copyOf(environment);
  }

  /** Refuses builders' names for an engine that has nothing to choose from. */
  void requireNoBuilders(String engine) throws EngineException {
    if (!builders.isEmpty()) {
      throw new EngineException(
          EngineException.Kind.MISSING,
          engine
              + " has no builders to choose from, and imagespec.engine.builders (--builder) names "
              + String.join(", ", builders)
              + "; leave that out, or use buildx");
    }
  }
}
