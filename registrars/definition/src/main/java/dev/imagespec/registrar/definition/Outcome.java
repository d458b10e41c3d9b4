package dev.imagespec.registrar.definition;

import dev.imagespec.runtime.TaskRegistrar;
import java.util.List;

/**
 * What happened to an entry, or would happen.
 *
 * @param action what
 * @param id the platform's id of it; empty if it has none yet
 * @param changes how what is sent differs from what is there, a line each
 */
public record Outcome(TaskRegistrar.Action action, String id, List<String> changes) {
  public Outcome {
    changes = List.copyOf(changes);
  }

  /** It is there already. */
  public static Outcome unchanged(String id) {
    return new Outcome(TaskRegistrar.Action.UNCHANGED, id, List.of());
  }

  /** It was registered, or would be. */
  public static Outcome registered(String id, List<String> changes) {
    return new Outcome(TaskRegistrar.Action.REGISTERED, id, changes);
  }
}
