package dev.imagespec.runtime.run;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.SecretProvider;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.compose.BaseImages;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.compose.EnvironmentBuilder;
import dev.imagespec.runtime.compose.Environments;
import dev.imagespec.runtime.compose.ImageComposer;
import dev.imagespec.runtime.compose.LayerBuilder;
import dev.imagespec.runtime.compose.LocatedEnvironment;
import dev.imagespec.runtime.compose.SecretSource;
import dev.imagespec.runtime.compose.Workspace;
import dev.imagespec.runtime.engine.EnginePool;
import dev.imagespec.runtime.plan.HostedEnvironment;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.plan.Planner;
import dev.imagespec.runtime.publish.PreparedRepositories;
import dev.imagespec.runtime.publish.Published;
import dev.imagespec.runtime.publish.Publisher;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Subject;
import dev.imagespec.runtime.work.Workers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds and publishes the images that are missing according to a plan: bases before images based
 * on them, environments before images built on them.
 */
final class Building {
  private final Session session;
  private final Settings settings;
  private final Workers workers;
  private final Planner planner;
  private final PreparedRepositories repositories;
  private final RegistrationListener listener;
  private final IdentityHashMap<PlannedImage, List<String>> reasons;
  private final BaseImages bases;
  private final Environments environments = new Environments();
  private @Nullable EnginePool pool;

  Building(
      Session session,
      Settings settings,
      Workers workers,
      Planner planner,
      PreparedRepositories repositories,
      RegistrationListener listener,
      IdentityHashMap<PlannedImage, List<String>> reasons) {
    this.session = session;
    this.settings = settings;
    this.workers = workers;
    this.planner = planner;
    this.repositories = repositories;
    this.listener = listener;
    this.reasons = reasons;
    this.bases = new BaseImages(session.registry());
  }

  /**
   * Builds and publishes. Opens a workspace or an engine only if there is something to build.
   *
   * @param planned all images of the registration
   * @return one attempt for each image that does not exist
   */
  List<Attempt<Published>> build(List<PlannedImage> planned) {
    List<PlannedImage> waiting =
        new ArrayList<>(planned.stream().filter(image -> !image.isReused()).toList());
    if (waiting.isEmpty()) {
      Workspace.clean(settings.temp());
      return List.of();
    }
    List<Attempt<Published>> attempts = new ArrayList<>();
    try (Workspace workspace = Workspace.open(settings.temp());
        LayerBuilder layers = new LayerBuilder(workspace, session.memory(listener))) {
      ImageComposer composer = new ImageComposer(bases, layers);
      Publisher publisher =
          new Publisher(session.registry(), session.targets(), repositories, workers, listener);
      for (PlannedImage image : planned) {
        image
            .existing()
            .ifPresent(digest -> bases.register(image.tasks(), image.repository(), digest));
      }
      List<PlannedEnvironment> missing = missing(waiting, planned);
      while (!waiting.isEmpty()) {
        // Before an engine runs or anything is sent.
        List<Attempt<PlannedImage>> checked = checked(composer, takeReady(waiting));
        attempts.addAll(failed(checked));
        List<PlannedImage> ready = Attempt.values(checked);
        buildEnvironments(takeNeeded(missing, ready), planned, workspace);
        List<Attempt<ComposedImage>> composed =
            workers.map(
                ready, image -> Attempt.at(image.subject(), () -> compose(composer, image)));
        attempts.addAll(failed(composed));
        for (Attempt<Published> attempt :
            published(publisher, composer, layers, Attempt.values(composed), planned)) {
          attempts.add(attempt);
          if (attempt instanceof Attempt.Done<Published> done) {
            PlannedImage image = done.value().plan();
            bases.register(image.tasks(), image.repository(), done.value().digest());
          }
        }
      }
    }
    return attempts;
  }

  /**
   * Publishes images. Those that may have failed because the machine's memory of their layers is
   * wrong are composed again without it, and published once more.
   */
  private List<Attempt<Published>> published(
      Publisher publisher,
      ImageComposer composer,
      LayerBuilder layers,
      List<ComposedImage> images,
      List<PlannedImage> planned) {
    List<Attempt<Published>> attempts = publisher.publish(images, planned);
    Set<Subject> doubtful =
        images.stream()
            .filter(ComposedImage::isFromMemory)
            .map(image -> image.plan().subject())
            .collect(Collectors.toSet());
    Set<Subject> wrong =
        attempts.stream()
            .filter(Building::mayBeOfMemory)
            .map(Attempt::subject)
            .filter(doubtful::contains)
            .collect(Collectors.toSet());
    if (wrong.isEmpty()) {
      return attempts;
    }
    layers.distrust();
    List<Attempt<ComposedImage>> again =
        workers.map(
            images.stream().filter(image -> wrong.contains(image.plan().subject())).toList(),
            image ->
                Attempt.at(
                    image.plan().subject(), () -> composer.compose(image.plan(), environments)));
    List<Attempt<Published>> all = new ArrayList<>(failed(again));
    attempts.stream().filter(attempt -> !wrong.contains(attempt.subject())).forEach(all::add);
    all.addAll(publisher.publish(Attempt.values(again), planned));
    return all;
  }

  /** A layer was found to be another one, or the registry, or an image in it, says otherwise. */
  private static boolean mayBeOfMemory(Attempt<Published> attempt) {
    return attempt instanceof Attempt.Failed<Published> failed
        && switch (failed.cause().code()) {
          case DIGEST_MISMATCH, PROTOCOL, TAG_IMMUTABLE -> true;
          default -> false;
        };
  }

  private List<Attempt<PlannedImage>> checked(ImageComposer composer, List<PlannedImage> ready) {
    return workers.map(
        ready,
        image ->
            Attempt.at(
                image.subject(),
                () -> {
                  composer.requireJava(image);
                  composer.requirePython(image);
                  return image;
                }));
  }

  private static <T> List<Attempt<Published>> failed(List<Attempt<T>> all) {
    List<Attempt<Published>> attempts = new ArrayList<>();
    for (Attempt<T> attempt : all) {
      if (attempt instanceof Attempt.Failed<T> failed) {
        attempts.add(failed.of(failed.subject()));
      }
    }
    return attempts;
  }

  /** The images in the order in which they can be built. */
  static List<PlannedImage> basesFirst(List<PlannedImage> images) {
    List<PlannedImage> waiting = new ArrayList<>(images);
    List<PlannedImage> inOrder = new ArrayList<>();
    while (!waiting.isEmpty()) {
      inOrder.addAll(takeReady(waiting));
    }
    return inOrder;
  }

  /** Removes and returns the images whose bases are not among those that wait. */
  static List<PlannedImage> takeReady(List<PlannedImage> waiting) {
    Set<String> unready =
        waiting.stream().flatMap(image -> image.tasks().stream()).collect(Collectors.toSet());
    List<PlannedImage> ready = waiting.stream().filter(image -> !waitsFor(image, unready)).toList();
    waiting.removeAll(ready);
    return ready;
  }

  private static boolean waitsFor(PlannedImage image, Set<String> tasks) {
    return image.spec().base() instanceof Base.OfTask base && tasks.contains(base.task());
  }

  /** Removes and returns the environments that some images need. */
  private static List<PlannedEnvironment> takeNeeded(
      List<PlannedEnvironment> missing, List<PlannedImage> ready) {
    Set<HostedEnvironment> wanted = new HashSet<>();
    ready.forEach(image -> wanted.addAll(image.environments().values()));
    List<PlannedEnvironment> needed =
        missing.stream().filter(planned -> wanted.contains(planned.hosted())).toList();
    missing.removeAll(needed);
    return needed;
  }

  /** Records the environments that exist, and returns the others. */
  private List<PlannedEnvironment> missing(List<PlannedImage> waiting, List<PlannedImage> all) {
    List<PlannedEnvironment> missing = new ArrayList<>();
    planner
        .environments(waiting, all)
        .forEach(
            (environment, attempt) -> {
              if (attempt instanceof Attempt.Done<PlannedEnvironment> done
                  && done.value().existing().isEmpty()) {
                missing.add(done.value());
                return;
              }
              environments.put(environment, attempt.then(LocatedEnvironment::existing));
              if (attempt instanceof Attempt.Done<PlannedEnvironment> done) {
                PlannedEnvironment found = done.value();
                listener.on(
                    new RegistrationEvent.EnvironmentReused(found.repository().image(found.tag())));
              }
            });
    return missing;
  }

  /** Has an engine build environments. */
  private void buildEnvironments(
      List<PlannedEnvironment> needed, List<PlannedImage> all, Workspace workspace) {
    if (needed.isEmpty()) {
      return;
    }
    Set<Repository> targets =
        needed.stream().map(PlannedEnvironment::repository).collect(Collectors.toSet());
    repositories.prepare(
        all.stream().filter(image -> targets.contains(image.repository())).toList());
    List<PlannedEnvironment> possible = new ArrayList<>();
    for (PlannedEnvironment planned : needed) {
      Attempt<PlannedEnvironment> attempt =
          Attempt.at(
              planned.subject(),
              () -> {
                repositories.require(planned.repository());
                return planned;
              });
      if (attempt instanceof Attempt.Failed<PlannedEnvironment> failed) {
        environments.put(planned.hosted(), failed.of(planned.subject()));
      } else {
        possible.add(planned);
      }
    }
    environments.putAll(run(possible, workspace));
    // Blobs that the engine pushed now exist: check before sending them.
    targets.forEach(repositories::filled);
  }

  private Map<HostedEnvironment, Attempt<LocatedEnvironment>> run(
      List<PlannedEnvironment> needed, Workspace workspace) {
    Map<HostedEnvironment, Attempt<LocatedEnvironment>> attempts = new LinkedHashMap<>();
    EnginePool engines;
    try {
      engines = pool();
    } catch (ImageSpecException e) {
      needed.forEach(
          planned -> attempts.put(planned.hosted(), new Attempt.Failed<>(planned.subject(), e)));
      return attempts;
    }
    return new EnvironmentBuilder(
            settings,
            engines,
            session.registry(),
            session.credentials(),
            bases,
            new SecretSource(
                settings,
                EnvironmentVariables.ofThisProcess(),
                ServiceLoader.load(SecretProvider.class)),
            workspace,
            listener)
        .build(needed);
  }

  /** The engine's builders. They are looked for when the first environment is built. */
  private EnginePool pool() {
    EnginePool opened = pool == null ? Engines.open(settings) : pool;
    pool = opened;
    return opened;
  }

  private ComposedImage compose(ImageComposer composer, PlannedImage image) {
    // What it stands on may have failed: then nothing of it is built, and nobody is told so.
    composer.require(image, environments);
    listener.on(
        new RegistrationEvent.ImageBuilding(
            image.repository().image(image.tag()),
            image.tasks(),
            reasons.getOrDefault(image, image.reasons())));
    return composer.compose(image, environments);
  }
}
