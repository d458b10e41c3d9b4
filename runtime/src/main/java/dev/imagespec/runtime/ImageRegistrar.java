package dev.imagespec.runtime;

import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.run.Exporting;
import dev.imagespec.runtime.run.Locking;
import dev.imagespec.runtime.run.Planning;
import dev.imagespec.runtime.run.Registering;
import dev.imagespec.runtime.run.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * Registers task classes: builds every distinct image once, pushes it, and says which image each
 * task runs in.
 *
 * <pre>{@code
 * Settings settings = Settings.builder().classPath(List.of(Path.of("target/classes"))).build();
 * Registration registration = ImageRegistrar.of(settings).register();
 * String image = registration.tasks().get("com.acme.SayHello");
 * }</pre>
 *
 * <p>What can be found wrong without asking a registry is thrown as an {@link ImageSpecException}
 * before the first request. From then on, what fails for one image is reported as a {@link
 * Failure}, and the others are pushed and recorded.
 */
public final class ImageRegistrar {
  private final Settings settings;
  private final List<TaskSource> sources;
  private final RegistrationListener listener;
  private final Iterable<TaskRegistrar> registrars;
  private final Function<Settings, Session> sessions;

  private ImageRegistrar(
      Settings settings,
      List<TaskSource> sources,
      RegistrationListener listener,
      Iterable<TaskRegistrar> registrars,
      Function<Settings, Session> sessions) {
    this.settings = settings;
    this.sources = sources;
    this.listener = listener;
    this.registrars = registrars;
    this.sessions = sessions;
  }

  /**
   * A registrar of the tasks on the settings' class path.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if an entry of the class path
   *     does not exist
   */
  public static ImageRegistrar of(Settings settings) {
    return of(settings, List.of(TaskSource.of(settings)));
  }

  /** A registrar of the tasks of some sources: one token, one plan, one lock for all of them. */
  public static ImageRegistrar of(Settings settings, List<TaskSource> sources) {
    return new ImageRegistrar(
        settings,
        List.copyOf(sources),
        RegistrationListener.none(),
        ServiceLoader.load(TaskRegistrar.class),
        Session::new);
  }

  /** This registrar, telling a listener what it does. */
  public ImageRegistrar withListener(RegistrationListener other) {
    return new ImageRegistrar(settings, sources, new GuardedListener(other), registrars, sessions);
  }

  /** This registrar, handing what it registered to these and to no other task registrars. */
  public ImageRegistrar withTaskRegistrars(List<TaskRegistrar> others) {
    return new ImageRegistrar(settings, sources, listener, List.copyOf(others), sessions);
  }

  /** This registrar, with other connections. */
  ImageRegistrar withSessions(Function<Settings, Session> others) {
    return new ImageRegistrar(settings, sources, listener, registrars, others);
  }

  /**
   * Binary names of the task classes, sorted.
   *
   * @throws ImageSpecException if a manifest is wrong, or a class that is asked for is no task
   */
  public List<String> tasks() {
    return Catalog.of(sources).names();
  }

  /**
   * Says what {@link #register} would do. Writes nothing, pushes nothing, builds nothing.
   *
   * @throws ImageSpecException if a setting, a manifest, the lock or a file is wrong
   */
  public Plan plan() {
    Catalog catalog = catalog();
    try (Session session = sessions.apply(settings)) {
      return new Planning(session, settings).plan(catalog);
    }
  }

  /**
   * Registers the tasks.
   *
   * @throws ImageSpecException if a setting, a manifest, the lock or a file is wrong, in which case
   *     nothing was sent anywhere; or if the lock or the record cannot be written
   */
  public Registration register() {
    Catalog catalog = catalog();
    try (Session session = sessions.apply(settings)) {
      return new Registering(session, settings, listener, registrars).register(catalog);
    }
  }

  /**
   * Asks the registries what every base image means now, and writes that into the lock.
   *
   * @return the bases by their reference's normal form, with the digest each is locked to
   * @throws ImageSpecException if a base cannot be resolved; the lock is then as it was
   */
  public Map<String, String> lock() {
    Catalog catalog = catalog();
    try (Session session = sessions.apply(settings)) {
      return new Locking(session, settings).lock(catalog);
    }
  }

  /**
   * Writes a task's build context for {@code docker build}.
   *
   * @param task the task class's binary or canonical name
   * @param folder where to; missing or empty
   * @throws ImageSpecException if there is no such task, a file is missing, or the folder is not
   *     empty
   */
  public void export(String task, Path folder) {
    Catalog catalog = told(Catalog.of(sources).only(List.of(task)));
    try (Session session = sessions.apply(settings)) {
      new Exporting(session, settings).export(catalog, task, folder);
    }
  }

  private Catalog catalog() {
    return told(Catalog.of(sources));
  }

  /** Tells what a person should know about the tasks. */
  private Catalog told(Catalog catalog) {
    catalog.notes().forEach(note -> listener.on(new RegistrationEvent.Note("class path", note)));
    return catalog;
  }
}
