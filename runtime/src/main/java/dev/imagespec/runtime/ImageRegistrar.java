package dev.imagespec.runtime;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.RegistryHost;
import dev.imagespec.runtime.compose.BaseImages;
import dev.imagespec.runtime.compose.BuildContext;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.plan.Planner;
import dev.imagespec.runtime.publish.Outcome;
import dev.imagespec.runtime.publish.Repositories;
import dev.imagespec.runtime.publish.Workers;
import dev.imagespec.runtime.record.Registrars;
import dev.imagespec.runtime.registry.RemoteRepository;
import dev.imagespec.runtime.resolve.AtomicFile;
import dev.imagespec.runtime.resolve.Draft;
import dev.imagespec.runtime.resolve.Drafter;
import dev.imagespec.runtime.resolve.Environment;
import dev.imagespec.runtime.resolve.LockFile;
import dev.imagespec.runtime.resolve.ResolvedSpec;
import dev.imagespec.runtime.resolve.Resolver;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * Registers task classes: builds every distinct image once, pushes it, and says which image each
 * task runs in.
 *
 * <pre>{@code
 * Settings settings = Settings.builder().classPath(List.of(Path.of("target/classes"))).build();
 * Registration registration =
 *     ImageRegistrar.of(settings).register(Catalog.of(settings.classPath()));
 * String image = registration.tasks().get("com.acme.SayHello");
 * }</pre>
 *
 * <p>What can be found wrong without asking a registry is thrown as an {@link ImageSpecException}
 * before the first request. From then on, what fails for one image is reported as a {@link
 * Failure}, and the others are pushed and recorded.
 */
public final class ImageRegistrar {
  private final Settings settings;
  private final RegistrationListener listener;
  private final Iterable<TaskRegistrar> registrars;
  private final Function<Settings, Session> sessions;

  private ImageRegistrar(
      Settings settings,
      RegistrationListener listener,
      Iterable<TaskRegistrar> registrars,
      Function<Settings, Session> sessions) {
    this.settings = settings;
    this.listener = listener;
    this.registrars = registrars;
    this.sessions = sessions;
  }

  /** A registrar with these settings and the task registrars that {@link ServiceLoader} finds. */
  public static ImageRegistrar of(Settings settings) {
    return new ImageRegistrar(
        settings,
        RegistrationListener.none(),
        ServiceLoader.load(TaskRegistrar.class),
        Session::new);
  }

  /** This registrar, telling a listener what it does. */
  public ImageRegistrar withListener(RegistrationListener other) {
    return new ImageRegistrar(settings, other, registrars, sessions);
  }

  /** This registrar, handing what it registered to these and to no other task registrars. */
  public ImageRegistrar withTaskRegistrars(List<TaskRegistrar> others) {
    return new ImageRegistrar(settings, listener, List.copyOf(others), sessions);
  }

  /** This registrar, with other connections. */
  ImageRegistrar withSessions(Function<Settings, Session> others) {
    return new ImageRegistrar(settings, listener, registrars, others);
  }

  /**
   * Says what {@link #register} would do. Writes nothing, pushes nothing, builds nothing.
   *
   * @throws ImageSpecException if a setting, a manifest, the lock or a file is wrong
   */
  public Plan plan(Catalog catalog) {
    try (Session session = sessions.apply(settings)) {
      List<Failure> failures = new ArrayList<>();
      List<PlannedImage> images =
          planned(session, drafts(catalog), LockFile.read(settings.lock()), failures);
      Map<Environment, String> environments = new LinkedHashMap<>();
      List<PlannedEnvironment> found =
          planner(session)
              .environments(
                  images,
                  images,
                  (environment, cause) ->
                      environments.put(
                          environment,
                          "whether its environment is there is not known: " + cause.getMessage()));
      BaseImages bases = new BaseImages(session.registry());
      found.forEach(
          planned -> environments.put(planned.environment(), told(planned, bases, Instant.now())));
      return new Plan(images.stream().map(image -> toPlan(image, environments)).toList(), failures);
    }
  }

  /**
   * Registers the tasks of a catalog.
   *
   * @throws ImageSpecException if a setting, a manifest, the lock or a file is wrong, in which case
   *     nothing was sent anywhere; or if the lock or the record cannot be written
   */
  public Registration register(Catalog catalog) {
    long start = System.nanoTime();
    try (Session session = sessions.apply(settings);
        Workers workers = new Workers(settings.parallelism())) {
      List<Failure> failures = new ArrayList<>();
      LockFile lock = LockFile.read(settings.lock());
      List<PlannedImage> planned = planned(session, drafts(catalog), lock, failures);
      if (lock.write()) {
        tell(RegistrationEvent.Kind.LOCK_WRITTEN, lock.file().toString(), "written");
      }
      Map<PlannedImage, Registration.Image> images = new LinkedHashMap<>();
      Repositories repositories = new Repositories(session.ecr(), settings, listener);
      repositories.prepare(
          planned.stream()
              .filter(PlannedImage::isReused)
              .filter(repositories::isAskedFor)
              .toList());
      for (PlannedImage image : planned) {
        Optional<ImageSpecException> cause = repositories.failure(image.repository());
        if (image.isReused() && cause.isPresent()) {
          failures.add(failure(image, cause.get()));
        } else if (image.isReused()) {
          images.put(image, toImage(image, image.existing().orElseThrow(), false, 0));
          tell(RegistrationEvent.Kind.IMAGE_REUSED, image.toString(), "is there");
        }
      }
      Builds builds =
          new Builds(
              settings,
              session,
              workers,
              planner(session),
              repositories,
              task -> dockerfile(catalog, task),
              listener);
      for (Outcome outcome : builds.run(planned)) {
        if (outcome instanceof Outcome.Published done) {
          images.put(
              done.plan(),
              toImage(done.plan(), done.digest(), done.pushed(), done.bytesUploaded()));
        } else if (outcome instanceof Outcome.Failed failed) {
          failures.add(failure(failed.plan(), failed.cause()));
        }
      }
      failures.forEach(f -> tell(RegistrationEvent.Kind.IMAGE_FAILED, f.repository(), f.message()));
      List<Registration.Image> inOrder =
          planned.stream().filter(images::containsKey).map(images::get).toList();
      return recorded(new Registration(inOrder, failures, session.requests(), since(start)));
    }
  }

  /**
   * Asks the registries what every base image of the catalog means now, and writes that into the
   * lock.
   *
   * @return the bases by their reference's normal form, with the digest each is locked to
   * @throws ImageSpecException if a base cannot be resolved; the lock is then as it was
   */
  public Map<String, String> lock(Catalog catalog) {
    tellNotes(catalog);
    try (Session session = sessions.apply(settings)) {
      LockFile lock = LockFile.read(settings.lock());
      List<ImageReference> references =
          catalog.manifests().stream().flatMap(m -> baseOf(m).stream()).distinct().toList();
      new Resolver(settings, lock, session.registry()).refresh(references);
      lock.write();
      Map<String, String> digests = new LinkedHashMap<>();
      references.forEach(
          reference ->
              lock.get(reference)
                  .ifPresent(base -> digests.put(reference.toString(), base.digest().toString())));
      return Collections.unmodifiableMap(digests);
    }
  }

  /**
   * Writes a task's build context for {@code docker build}.
   *
   * @param task the task class's binary name
   * @param folder where to; missing or empty
   * @throws ImageSpecException if the task is not in the catalog, a file is missing, or the folder
   *     is not empty
   */
  public void export(Catalog catalog, String task, Path folder) {
    Manifest manifest = catalog.manifest(task);
    String dockerfile = dockerfile(catalog, manifest.task());
    try (Session session = sessions.apply(settings)) {
      Drafter drafter = new Drafter(settings);
      LockFile lock = LockFile.read(settings.lock());
      Optional<ImageReference> base =
          base(catalog, manifest, new Resolver(settings, lock, session.registry()));
      // The steps run as root; the last stage goes back to the base's own user.
      boolean wantsUser = !manifest.environment().isEmpty() && manifest.payload().user().isEmpty();
      BuildContext.write(
          folder,
          dockerfile,
          base,
          wantsUser ? Optional.of(user(session, manifest, base)) : Optional.empty(),
          drafter.files(manifest),
          drafter.steps(manifest).requirements());
    }
  }

  /**
   * What an exported build starts from: for another task's image, the tag it is registered with.
   */
  private Optional<ImageReference> base(Catalog catalog, Manifest manifest, Resolver resolver) {
    if (manifest.baseSpec().isEmpty()) {
      return baseOf(manifest).map(reference -> resolver.pinned(reference, manifest.platforms()));
    }
    List<Draft> drafts = drafts(catalog.only(List.of(manifest.baseSpec())));
    return resolver
        .resolve(
            drafts,
            (draft, cause) -> {
              throw cause;
            })
        .stream()
        .filter(spec -> spec.draft().task().equals(manifest.baseSpec()))
        .map(spec -> ImageReference.parse(spec.draft().target() + ":" + spec.fingerprint().tag()))
        .findFirst();
  }

  private String user(Session session, Manifest manifest, Optional<ImageReference> base) {
    return base.map(
            reference ->
                new BaseImages(session.registry())
                    .user(
                        settings.mirror(
                            new RemoteRepository(
                                reference.registry().host(), reference.repository())),
                        reference,
                        manifest.platforms().get(0)))
        .orElse("");
  }

  private static Optional<ImageReference> baseOf(Manifest manifest) {
    try {
      return Drafter.base(manifest);
    } catch (IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_MANIFEST, manifest.task() + ": " + e.getMessage(), e);
    }
  }

  private void tellNotes(Catalog catalog) {
    catalog.notes().forEach(note -> tell(RegistrationEvent.Kind.NOTE, "class path", note));
  }

  private List<Draft> drafts(Catalog catalog) {
    tellNotes(catalog);
    if (catalog.tasks().isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          "There is no task class on the class path. Give the folder or jar of classes annotated with"
              + " @ImageSpec with --classpath.");
    }
    Builds.requireEngine(settings);
    List<Draft> drafts = new Drafter(settings).draft(catalog.manifests());
    Planner.checkRepositories(drafts);
    return drafts;
  }

  private Planner planner(Session session) {
    return new Planner(session.registry(), session.ecr(), settings.force());
  }

  private static String dockerfile(Catalog catalog, String task) {
    return catalog
        .dockerfile(task)
        .orElseThrow(
            () ->
                new ImageSpecException(
                    FailureCode.INVALID_MANIFEST,
                    "There is no Dockerfile beside the manifest of " + task + "; compile afresh."));
  }

  private List<PlannedImage> planned(
      Session session, List<Draft> drafts, LockFile lock, List<Failure> failures) {
    Resolver resolver = new Resolver(settings, lock, session.registry());
    resolver.requireLocked(drafts);
    List<ResolvedSpec> specs =
        resolver.resolve(drafts, (draft, cause) -> failures.add(failure(draft, cause)));
    return planner(session)
        .plan(specs, (spec, cause) -> failures.add(failure(spec.draft(), cause)));
  }

  private Registration recorded(Registration registration) {
    settings
        .record()
        .ifPresent(
            file ->
                AtomicFile.write(
                    file,
                    registration
                        .toRecord(settings.source().orElse(""), settings.revision().orElse(""))
                        .toJson()));
    List<Failure> failures = Registrars.call(registrars, registration);
    if (failures.isEmpty()) {
      return registration;
    }
    List<Failure> all = new ArrayList<>(registration.failures());
    all.addAll(failures);
    return new Registration(
        registration.images(), all, registration.requests(), registration.elapsed());
  }

  private void tell(RegistrationEvent.Kind kind, String subject, String detail) {
    listener.on(new RegistrationEvent(kind, subject, detail));
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static Failure failure(Draft draft, ImageSpecException cause) {
    return new Failure(
        List.of(draft.task()), draft.target().toString(), cause.code(), cause.getMessage());
  }

  private static Failure failure(PlannedImage image, ImageSpecException cause) {
    return new Failure(
        image.tasks(), image.repository().toString(), cause.code(), cause.getMessage());
  }

  /** What there is to say of an environment: packages without a version are as old as it is. */
  private static String told(PlannedEnvironment planned, BaseImages bases, Instant now) {
    if (planned.existing().isEmpty()) {
      return "its environment " + planned.tag() + " is to be built";
    }
    String there = "its environment " + planned.tag() + " is there, built ";
    return bases
        .created(planned)
        .map(
            created -> {
              long days = Duration.between(created, now).toDays();
              return there + (days <= 0 ? "today" : days == 1 ? "yesterday" : days + " days ago");
            })
        .orElse(there + "at a time that it does not say");
  }

  private static Plan.Image toPlan(PlannedImage image, Map<Environment, String> environments) {
    List<String> reasons = new ArrayList<>(image.reasons());
    image.spec().environments().values().stream()
        .map(environments::get)
        .filter(Objects::nonNull)
        .distinct()
        .forEach(reasons::add);
    return new Plan.Image(
        image.repository().toString(),
        image.tag(),
        image.fingerprint().toString(),
        image.isReused() ? Plan.Action.REUSE : Plan.Action.BUILD,
        reasons,
        image.tasks());
  }

  private static Registration.Image toImage(
      PlannedImage image, Digest digest, boolean built, long bytes) {
    RegistryHost host = new RegistryHost(image.repository().registry(), "");
    return new Registration.Image(
        ImageReference.of(host, image.repository().name(), digest).toString(),
        image.repository().toString(),
        image.tag(),
        image.fingerprint().toString(),
        built ? Registration.Action.BUILT : Registration.Action.REUSED,
        image.spec().base().platforms().stream().map(Platform::toString).toList(),
        image.tasks(),
        bytes);
  }
}
