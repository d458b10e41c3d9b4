package dev.imagespec.runtime;

import java.util.Set;

/**
 * Hands the images of a registration to the system that runs the tasks. Implementations are found
 * with {@link java.util.ServiceLoader}, and called one after the other once all images are pushed
 * and recorded.
 */
public interface TaskRegistrar {
  /** A short name for messages. */
  String name();

  /**
   * The names of its own settings: one of {@code project} is {@code imagespec.<registrar>.project}.
   */
  default Set<String> settings() {
    return Set.of();
  }

  /**
   * Takes over what was registered.
   *
   * @param registration the images, also those of a registration of which a part failed
   * @throws Exception if it cannot; the other registrars are still called
   */
  void register(Registration registration) throws Exception;
}
