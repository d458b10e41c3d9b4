package dev.imagespec.runtime;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.compose.BaseImages;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.compose.EnvironmentBuilder;
import dev.imagespec.runtime.compose.Environments;
import dev.imagespec.runtime.compose.ImageComposer;
import dev.imagespec.runtime.compose.LayerBuilder;
import dev.imagespec.runtime.compose.SecretSource;
import dev.imagespec.runtime.compose.Workspace;
import dev.imagespec.runtime.engine.BuildahEngine;
import dev.imagespec.runtime.engine.BuildxEngine;
import dev.imagespec.runtime.engine.DockerEngine;
import dev.imagespec.runtime.engine.Engine;
import dev.imagespec.runtime.engine.EngineException;
import dev.imagespec.runtime.engine.EnginePool;
import dev.imagespec.runtime.engine.EngineSettings;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.plan.Planner;
import dev.imagespec.runtime.publish.Outcome;
import dev.imagespec.runtime.publish.Publisher;
import dev.imagespec.runtime.publish.Repositories;
import dev.imagespec.runtime.publish.Workers;
import dev.imagespec.runtime.registry.RemoteRepository;
import dev.imagespec.runtime.resolve.Base;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Builds and publishes what a plan says is missing: bases before what is based on them,
 * environments before the images that stand on them.
 */
final class Builds {
  private final Settings settings;
  private final Session session;
  private final Workers workers;
  private final Planner planner;
  private final Repositories repositories;
  private final Function<String, String> dockerfile;
  private final RegistrationListener listener;
  private final BaseImages bases;
  private final Environments environments = new Environments();
  private Optional<EnginePool> pool = Optional.empty();

  /**
   * Builds.
   *
   * @param dockerfile the Dockerfile of a task class
   */
  Builds(
      Settings settings,
      Session session,
      Workers workers,
      Planner planner,
      Repositories repositories,
      Function<String, String> dockerfile,
      RegistrationListener listener) {
    this.settings = settings;
    this.session = session;
    this.workers = workers;
    this.planner = planner;
    this.repositories = repositories;
    this.dockerfile = dockerfile;
    this.listener = listener;
    this.bases = new BaseImages(session.registry());
  }

  /**
   * Builds and publishes; neither a workspace nor a thread is made where nothing is to be built.
   *
   * @param planned all images of the registration
   * @return an outcome of each that was not there
   */
  List<Outcome> run(List<PlannedImage> planned) {
    List<PlannedImage> waiting =
        new ArrayList<>(planned.stream().filter(image -> !image.isReused()).toList());
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Outcome> outcomes = new ArrayList<>();
    try (Workspace workspace = Workspace.open();
        LayerBuilder layers = new LayerBuilder(workspace)) {
      ImageComposer composer = new ImageComposer(bases, layers);
      Publisher publisher =
          new Publisher(session.registry(), session.ecr(), repositories, workers, listener);
      for (PlannedImage image : planned) {
        image.existing().ifPresent(digest -> register(image, digest));
      }
      List<PlannedEnvironment> missing = missing(waiting, planned);
      while (!waiting.isEmpty()) {
        Set<String> unready =
            waiting.stream().flatMap(image -> image.tasks().stream()).collect(Collectors.toSet());
        List<PlannedImage> ready =
            waiting.stream()
                .filter(
                    image ->
                        !(image.spec().base() instanceof Base.OfTask base
                            && unready.contains(base.task())))
                .toList();
        waiting.removeAll(ready);
        build(missing, ready, planned, workspace);
        List<ComposedImage> composed = new ArrayList<>();
        for (Composition result : workers.map(ready, image -> compose(composer, image))) {
          result.image().ifPresent(composed::add);
          result.failure().ifPresent(outcomes::add);
        }
        for (Outcome outcome : publisher.publish(composed)) {
          outcomes.add(outcome);
          if (outcome instanceof Outcome.Published done) {
            register(done.plan(), done.digest());
          }
        }
      }
    }
    return outcomes;
  }

  private void register(PlannedImage image, Digest digest) {
    image.tasks().forEach(task -> bases.register(task, image.repository(), digest));
  }

  /** Finds the environments that there are; returns the others. */
  private List<PlannedEnvironment> missing(List<PlannedImage> waiting, List<PlannedImage> all) {
    List<PlannedEnvironment> missing = new ArrayList<>();
    for (PlannedEnvironment planned : planner.environments(waiting, all, environments::fail)) {
      if (planned.existing().isPresent()) {
        environments.put(planned, planned.existing().get());
        tell(RegistrationEvent.Kind.ENVIRONMENT_REUSED, planned.toString(), "is there");
      } else {
        missing.add(planned);
      }
    }
    return missing;
  }

  /** Has an engine build the missing environments of some images. */
  private void build(
      List<PlannedEnvironment> missing,
      List<PlannedImage> ready,
      List<PlannedImage> all,
      Workspace workspace) {
    Set<Object> wanted = new HashSet<>();
    ready.forEach(image -> wanted.addAll(image.spec().environments().values()));
    List<PlannedEnvironment> now =
        missing.stream().filter(planned -> wanted.contains(planned.environment())).toList();
    if (now.isEmpty()) {
      return;
    }
    missing.removeAll(now);
    Set<RemoteRepository> targets =
        now.stream().map(PlannedEnvironment::repository).collect(Collectors.toSet());
    repositories.prepare(
        all.stream().filter(image -> targets.contains(image.repository())).toList());
    List<PlannedEnvironment> possible = new ArrayList<>();
    for (PlannedEnvironment planned : now) {
      repositories
          .failure(planned.repository())
          .ifPresentOrElse(
              cause -> environments.fail(planned.environment(), cause),
              () -> possible.add(planned));
    }
    try {
      new EnvironmentBuilder(
              settings,
              pool(),
              session.registry(),
              session.credentials(),
              bases,
              new SecretSource(settings, System.getenv(), ServiceLoader.load(SecretProvider.class)),
              dockerfile,
              workspace,
              listener)
          .build(possible, environments);
      // What the engine pushed is there, and is asked for before it is sent.
      targets.forEach(repositories::filled);
    } catch (ImageSpecException e) {
      possible.forEach(planned -> environments.fail(planned.environment(), e));
    }
  }

  /** All engines, those that the service loader finds before the project's own. */
  static List<Engine> engines() {
    List<Engine> engines = new ArrayList<>();
    ServiceLoader.load(Engine.class).forEach(engines::add);
    engines.addAll(List.of(new BuildxEngine(), new DockerEngine(), new BuildahEngine()));
    return engines;
  }

  /**
   * Checks that the engine that the settings name is one.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING}
   */
  static void requireEngine(Settings settings) {
    List<String> names = engines().stream().map(Engine::name).toList();
    settings
        .engine()
        .filter(name -> !names.contains(name))
        .ifPresent(
            name -> {
              throw new ImageSpecException(
                  FailureCode.INVALID_SETTING,
                  "There is no engine \""
                      + name
                      + "\"; there are "
                      + String.join(", ", names)
                      + ". Correct --engine (imagespec.engine).");
            });
  }

  static EngineSettings engineSettings(Settings settings) {
    return new EngineSettings(
        settings.engineBuilders(),
        settings.engineNetwork(),
        settings.engineCache(),
        settings.engineTimeout(),
        System.getenv());
  }

  /** The engine's builders, which are looked for when the first environment is to be built. */
  private EnginePool pool() {
    if (pool.isPresent()) {
      return pool.get();
    }
    try {
      EnginePool opened =
          EnginePool.open(
              engines(), settings.engine(), engineSettings(settings), settings.engineParallelism());
      pool = Optional.of(opened);
      return opened;
    } catch (EngineException e) {
      throw new ImageSpecException(
          FailureCode.ENGINE, "Its environment cannot be built: " + e.getMessage() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageSpecException(FailureCode.ENGINE, "The registration was interrupted.", e);
    }
  }

  private record Composition(Optional<ComposedImage> image, Optional<Outcome> failure) {}

  private Composition compose(ImageComposer composer, PlannedImage image) {
    tell(
        RegistrationEvent.Kind.IMAGE_BUILDING,
        image.toString(),
        "building, " + String.join(", ", image.reasons()));
    try {
      return new Composition(Optional.of(composer.compose(image, environments)), Optional.empty());
    } catch (ImageSpecException e) {
      return new Composition(Optional.empty(), Optional.of(new Outcome.Failed(image, e)));
    }
  }

  private void tell(RegistrationEvent.Kind kind, String subject, String detail) {
    listener.on(new RegistrationEvent(kind, subject, detail));
  }
}
