package dev.imagespec.runtime.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How engines should work.
 *
 * @param builders names of builders that the engine knows; empty for the engine's default
 * @param network the network that steps run in, {@code host} for the machine's own; empty for the
 *     engine's default
 * @param cache the repository, with its registry, in which the results of steps are cached for
 *     other machines
 * @param timeout the time limit for a build
 * @param dockerConfig the folder of the user's own Docker configuration
 * @param environment the environment variables of this process
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

  /** Rejects builder names if the engine has no builders to choose from. */
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
