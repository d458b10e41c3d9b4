package dev.imagespec.runtime;

import dev.imagespec.model.Manifest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Tells the system that runs the tasks which images they run in. Implementations are found with
 * {@link java.util.ServiceLoader}, and called one after the other once all images are pushed and
 * recorded.
 */
public interface TaskRegistrar {
  /** A short name without dots, for messages and in the names of its settings. */
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
   * @param context what else there is to know
   * @return a result for each task that this registrar knows; none for others
   * @throws Exception if it cannot do anything; the other registrars are still called
   */
  List<Result> register(Registration registration, Context context) throws Exception;

  /**
   * What a registrar is told besides the images.
   *
   * @param settings the values of those of its {@linkplain TaskRegistrar#settings settings} that
   *     are set, by their own names
   * @param manifests the manifests of the registration's tasks, also of those that failed
   * @param dryRun whether it is only to say what it would do
   * @param listener takes what it has to tell meanwhile
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

  /** What became of a task. */
  sealed interface Result {
    /** The task class, by its binary name. */
    String task();

    /**
     * The system runs the task in its image.
     *
     * @param definition the file or class that defines the task there
     * @param image the image by its digest, as {@link Registration#tasks} has it
     * @param id the system's name for what was registered
     * @param action what was done
     */
    record Registered(String definition, String task, String image, String id, Action action)
        implements Result {}

    /**
     * The system does not have the task in its image.
     *
     * @param message what happened, and the next step
     */
    record Failed(String task, String message) implements Result {}
  }

  /** What was done with a task. */
  enum Action {
    /** It was registered anew. */
    REGISTERED,
    /** It was registered before, in the same form with the same image. */
    UNCHANGED;

    /** The form used in JSON: lower case. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
