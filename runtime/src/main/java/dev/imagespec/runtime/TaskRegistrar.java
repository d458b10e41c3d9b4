package dev.imagespec.runtime;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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

  /** The kinds of definition files that it takes: {@code ecs} stands for {@code ecs:FILE}. */
  default Set<String> definitionKinds() {
    return Set.of();
  }

  /**
   * Reads what it is going to register, and checks it, before the first request of the registration
   * or of the plan. Sends nothing itself.
   *
   * @throws ImageSpecException if a definition or a setting is wrong; nothing is then sent anywhere
   * @throws Exception if it cannot say
   */
  default void check(Context context) throws Exception {}

  /**
   * What {@link #register} would do. May ask the system what is there, and changes nothing.
   *
   * @param plan the images; of those that are not pushed yet no digest is known
   * @throws Exception if it cannot say; the plan tells that as a failure
   */
  default List<Planned> plan(Plan plan, Context context) throws Exception {
    return List.of();
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
   * Examines what it needs, for {@link Doctor}: credentials, permissions, addresses. Changes
   * nothing.
   *
   * @throws Exception if it cannot; that is told as a failed check
   */
  default Diagnosis examine(Context context) throws Exception {
    return new Diagnosis(List.of(), Map.of());
  }

  /**
   * What a task registrar gets in addition to the images.
   *
   * @param settings the values of those of its {@linkplain TaskRegistrar#settings settings} that
   *     are set, by their own names
   * @param definitions the definition files of its {@linkplain TaskRegistrar#definitionKinds
   *     kinds}, in the order of the setting
   * @param renderings the files to render, which the registrar of this name renders
   * @param manifests the manifests of all tasks of the registration, including those that failed
   * @param leftOut binary names of tasks that are on the class path and that the registration was
   *     asked to leave out: what defines one of them is passed over
   * @param repositories the repository that each task's image is pushed to, by the task's binary
   *     name; known before the first request
   * @param projectDir the project's folder: relative paths in settings are relative to it
   * @param listener receives its events
   */
  record Context(
      Map<String, String> settings,
      List<Definition> definitions,
      List<Rendering> renderings,
      List<Manifest> manifests,
      Set<String> leftOut,
      Map<String, Repository> repositories,
      Path projectDir,
      RegistrationListener listener) {
    public Context {
      settings = Map.copyOf(settings);
      definitions = List.copyOf(definitions);
      renderings = List.copyOf(renderings);
      manifests = List.copyOf(manifests);
      leftOut = Set.copyOf(leftOut);
      repositories = Map.copyOf(repositories);
    }
  }

  /** What a registration would do with a definition. */
  sealed interface Planned {
    /** The file or class that defines the task there. */
    String definition();

    /** The task class, by its binary name. */
    String task();

    /**
     * It is known what would happen.
     *
     * @param definition the file or class that defines the task there
     * @param task the task class's binary name
     * @param action what would happen
     * @param changes how what would be sent differs from what is there, a line each; an image that
     *     is not pushed yet stands there as not known
     */
    record Known(String definition, String task, Action action, List<String> changes)
        implements Planned {
      public Known {
        Objects.requireNonNull(definition, "definition is null");
        Objects.requireNonNull(task, "task is null");
        Objects.requireNonNull(action, "action is null");
        changes = List.copyOf(changes);
      }
    }

    /**
     * It is not known what would happen, or it would fail.
     *
     * @param definition the file or class that defines the task there
     * @param task the task class's binary name
     * @param message why, and the next step
     */
    record Failed(String definition, String task, String message) implements Planned {
      public Failed {
        Objects.requireNonNull(definition, "definition is null");
        Objects.requireNonNull(task, "task is null");
        Objects.requireNonNull(message, "message is null");
      }
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
        implements Result {
      public Registered {
        Objects.requireNonNull(definition, "definition is null");
        Objects.requireNonNull(task, "task is null");
        Objects.requireNonNull(image, "image is null");
        Objects.requireNonNull(id, "id is null");
        Objects.requireNonNull(action, "action is null");
      }
    }

    /**
     * The system does not run the task in its image.
     *
     * @param task the task class's binary name
     * @param message what happened, and the next step
     */
    record Failed(String task, String message) implements Result {
      public Failed {
        Objects.requireNonNull(task, "task is null");
        Objects.requireNonNull(message, "message is null");
      }
    }
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
