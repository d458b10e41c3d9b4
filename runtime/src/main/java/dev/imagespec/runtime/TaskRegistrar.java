package dev.imagespec.runtime;

import dev.imagespec.model.Manifest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Registers tasks in the system that runs them, with their images. Implementations are found with
 * {@link java.util.ServiceLoader}, and called one after the other once all images are pushed and
 * recorded.
 */
public interface TaskRegistrar {
  /** A short name without dots, for messages and for the names of its settings. */
  String name();

  /**
   * The names of its own settings: {@code project} stands for {@code
   * imagespec.<registrar>.project}.
   */
  default Set<String> settings() {
    return Set.of();
  }

  /**
   * Registers the tasks of a registration.
   *
   * @param registration the images; some tasks may have failed
   * @param context settings, manifests and other information
   * @return one result for each task that this registrar knows; none for other tasks
   * @throws Exception if it cannot register anything; the other registrars are still called
   */
  List<Result> register(Registration registration, Context context) throws Exception;

  /**
   * What a task registrar gets in addition to the images.
   *
   * @param settings the values of those of its {@linkplain TaskRegistrar#settings settings} that
   *     are set, by their own names
   * @param manifests the manifests of all tasks of the registration, including those that failed
   * @param dryRun whether to say only what it would do
   * @param listener receives its events
   */
  record Context(
      Map<String, String> settings,
      List<Manifest> manifests,
      boolean dryRun,
      RegistrationListener listener) {
    public Context {
      settings = Map.copyOf(settings);
      manifests = List.copyOf(manifests);
    }
  }

  /** The result for one task. */
  sealed interface Result {
    /** The task class, by its binary name. */
    String task();

    /**
     * The system runs the task in its image.
     *
     * @param definition the file or class that defines the task there
     * @param task the task class's binary name
     * @param image the image by digest, as in {@link Registration#tasks}
     * @param id the system's id for the registered task
     * @param action what happened
     */
    record Registered(String definition, String task, String image, String id, Action action)
        implements Result {}

    /**
     * The system does not run the task in its image.
     *
     * @param task the task class's binary name
     * @param message what happened, and the next step
     */
    record Failed(String task, String message) implements Result {}
  }

  /** What happened to a task. */
  enum Action {
    /** It was registered. */
    REGISTERED,
    /** It was already registered, in the same form and with the same image. */
    UNCHANGED;

    /** The form used in JSON: lower case. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
