package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.Optional;
import java.util.function.Predicate;

/** What registers tasks: one of Flyte's interfaces. Its templates have no identifier in them. */
sealed interface FlyteService permits TaskService, AdminGateway {

  /**
   * The template of a version.
   *
   * @throws ImageSpecException if Flyte does not say
   */
  Optional<ObjectNode> find(TaskId id);

  /**
   * The version that was registered last, for a plan.
   *
   * @param id the task; its version does not matter
   * @throws ImageSpecException if Flyte does not say
   */
  Optional<Newest> newest(TaskId id);

  /**
   * Registers a version, unless it is there already. Never replaces one.
   *
   * @param isSame whether what is there may stay
   * @throws ImageSpecException if that fails
   */
  Put put(TaskId id, ObjectNode template, Predicate<ObjectNode> isSame);

  /** A version of a task. */
  record Newest(String version, ObjectNode template) {}

  /** What came of registering a version. */
  sealed interface Put {
    /** It is new. */
    record Created() implements Put {}

    /** It was there. */
    record Same() implements Put {}

    /**
     * Another template has this version.
     *
     * @param there that template
     */
    record Other(ObjectNode there) implements Put {}
  }
}
