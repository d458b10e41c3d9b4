package dev.imagespec.runtime;

import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.run.Access;
import dev.imagespec.runtime.run.Exporting;
import dev.imagespec.runtime.run.Locking;
import dev.imagespec.runtime.run.PlanReporting;
import dev.imagespec.runtime.run.Registering;
import dev.imagespec.runtime.run.Saving;
import dev.imagespec.runtime.run.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.BiFunction;

/**
 * Registers task classes: builds each distinct image once, pushes it, and returns which image each
 * task runs in.
 *
 * <pre>{@code
 * Settings settings = Settings.builder().classPath(List.of(Path.of("target/classes"))).build();
 * Registration registration = ImageRegistrar.of(settings).register();
 * String image = registration.tasks().get("com.acme.SayHello");
 * }</pre>
 *
 * <p>Errors that can be found without asking a registry are thrown as an {@link ImageSpecException}
 * before the first request. After that, an image that fails is reported as a {@link Failure}, and
 * the others are still pushed and recorded.
 */
public final class ImageRegistrar {
  private final Settings settings;
  private final List<TaskSource> sources;
  private final RegistrationListener listener;
  private final CredentialProvider credentials;
  private final Iterable<TaskRegistrar> registrars;
  private final BiFunction<Settings, Access, Session> sessions;
  private final boolean reportsOnlyWork;

  private ImageRegistrar(
      Settings settings,
      List<TaskSource> sources,
      RegistrationListener listener,
      CredentialProvider credentials,
      Iterable<TaskRegistrar> registrars,
      BiFunction<Settings, Access, Session> sessions,
      boolean reportsOnlyWork) {
    this.settings = settings;
    this.sources = sources;
    this.listener = listener;
    this.credentials = credentials;
    this.registrars = registrars;
    this.sessions = sessions;
    this.reportsOnlyWork = reportsOnlyWork;
  }

  /**
   * A registrar of the tasks on the settings' class path.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if an entry of the class path
   *     is neither a file nor a folder
   */
  public static ImageRegistrar of(Settings settings) {
    return of(settings, List.of(TaskSource.of(settings)));
  }

  /** A registrar of the tasks of these sources, which share one token, one plan and one lock. */
  public static ImageRegistrar of(Settings settings, List<TaskSource> sources) {
    return new ImageRegistrar(
        settings,
        List.copyOf(sources),
        RegistrationListener.none(),
        CredentialProvider.none(),
        ServiceLoader.load(TaskRegistrar.class),
        Session::new,
        false);
  }

  /** This registrar, with a listener that hears what it does. */
  public ImageRegistrar withListener(RegistrationListener other) {
    return new ImageRegistrar(
        settings,
        sources,
        new GuardedListener(other),
        credentials,
        registrars,
        sessions,
        reportsOnlyWork);
  }

  /** This registrar, with a provider of further credentials. */
  public ImageRegistrar withCredentials(CredentialProvider provider) {
    return new ImageRegistrar(
        settings, sources, listener, provider, registrars, sessions, reportsOnlyWork);
  }

  /**
   * This registrar, with exactly these task registrars, which are called with what it registered.
   */
  public ImageRegistrar withTaskRegistrars(List<TaskRegistrar> others) {
    return new ImageRegistrar(
        settings, sources, listener, credentials, List.copyOf(others), sessions, reportsOnlyWork);
  }

  /**
   * This registrar, whose registrations write the settings' report only if they build an image, or
   * one fails: what a page shows of images that exist takes requests of its own.
   */
  public ImageRegistrar withReportOnlyOfWork() {
    return new ImageRegistrar(settings, sources, listener, credentials, registrars, sessions, true);
  }

  /** This registrar, with other connections. */
  ImageRegistrar withSessions(BiFunction<Settings, Access, Session> others) {
    return new ImageRegistrar(
        settings, sources, listener, credentials, registrars, others, reportsOnlyWork);
  }

  /**
   * Binary names of the task classes, sorted.
   *
   * @throws ImageSpecException if a manifest is wrong, or a requested class is not a task
   */
  public List<String> tasks() {
    return Catalog.of(sources).names();
  }

  /**
   * Returns what {@link #register} would do. Pushes nothing, builds nothing, and writes nothing but
   * the report, if the settings name a file for it.
   *
   * @throws ImageSpecException if a setting, a manifest, the lock or a file is wrong
   */
  public Plan plan() {
    return asking(
        (session, catalog) ->
            new PlanReporting(session, settings, listener, registrars).plan(catalog));
  }

  /**
   * Registers the tasks.
   *
   * @throws ImageSpecException if a setting, a manifest, the lock or a file is wrong (then no
   *     registry was asked), or if the lock or the record cannot be written
   */
  public Registration register() {
    return asking(
        (session, catalog) ->
            new Registering(session, settings, listener, registrars, reportsOnlyWork)
                .register(catalog));
  }

  /**
   * Works in a session that asks for the images of tasks. The registry's client gets ready
   * meanwhile; if the settings name the registry, while the tasks are still read.
   */
  private <T> T asking(BiFunction<Session, Catalog, T> work) {
    Optional<Catalog> read =
        settings.registry().isPresent() ? Optional.empty() : Optional.of(Catalog.of(sources));
    Access access =
        read.map(catalog -> Access.of(settings, catalog, credentials))
            .orElseGet(() -> Access.of(settings, credentials));
    try (Session session = sessions.apply(settings, access)) {
      session.getReady();
      Catalog catalog = read.orElseGet(() -> Catalog.of(sources));
      tell(catalog);
      return work.apply(session, catalog);
    }
  }

  /**
   * Asks the registries for the current digest of every base image, and writes the digests into the
   * lock.
   *
   * @return what each base stands for now, and stood for before
   * @throws ImageSpecException if a base cannot be resolved; the lock is then unchanged
   */
  public LockedBases lock() {
    Catalog catalog = Catalog.of(sources);
    try (Session session = session(catalog)) {
      tell(catalog);
      return new Locking(session, settings).lock(catalog);
    }
  }

  /**
   * Writes a task's build context for {@code docker build}.
   *
   * @param task the task class's binary or canonical name
   * @param folder the folder to write to; missing or empty
   * @throws ImageSpecException if there is no such task, a file is missing, or the folder is not
   *     empty
   */
  public void export(String task, Path folder) {
    Catalog catalog = Catalog.of(sources).only(List.of(task));
    try (Session session = session(catalog)) {
      tell(catalog);
      new Exporting(session, settings).export(catalog, task, folder);
    }
  }

  private Session session(Catalog catalog) {
    return sessions.apply(settings, Access.of(settings, catalog, credentials));
  }

  /**
   * Saves a task's image as an OCI image layout, without writing to a registry. Its digest is that
   * of the image that {@link #register} finds or would push; only an environment that no registry
   * has may get other bytes each time that it is built.
   *
   * @param task the task class's binary or canonical name
   * @param to a file that ends with {@code .tar}, which {@code docker load} reads, too, or else a
   *     folder, missing or empty
   * @throws ImageSpecException if there is no such task, the image cannot be made, or it cannot be
   *     written; then nothing is left of it
   */
  public SavedImage save(String task, Path to) {
    Catalog catalog = Catalog.of(sources).only(List.of(task));
    try (Session session = session(catalog)) {
      tell(catalog);
      return new Saving(session, settings, listener).save(catalog, task, to);
    }
  }

  /** Reports the notes of a catalog to the listener. */
  private void tell(Catalog catalog) {
    catalog.notes().forEach(note -> listener.on(new RegistrationEvent.Note("class path", note)));
    catalog
        .warning()
        .ifPresent(text -> listener.on(new RegistrationEvent.Warning("class path", text)));
  }
}
