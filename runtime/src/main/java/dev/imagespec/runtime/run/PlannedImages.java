package dev.imagespec.runtime.run;

import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.plan.FurtherTags;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.plan.Planner;
import dev.imagespec.runtime.resolve.Draft;
import dev.imagespec.runtime.resolve.Drafter;
import dev.imagespec.runtime.resolve.LockFile;
import dev.imagespec.runtime.resolve.ResolvedSpec;
import dev.imagespec.runtime.resolve.Resolver;
import dev.imagespec.runtime.work.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The stages that planning and registering share: from task classes to images, with the knowledge
 * whether each exists.
 *
 * @param attempts the images; a task fails if its base or its repository cannot be read
 * @param planner plans environments, too
 * @param lock the lock, with the newly resolved bases
 */
record PlannedImages(List<Attempt<PlannedImage>> attempts, Planner planner, LockFile lock) {
  /**
   * Plans the images of a catalog.
   *
   * @throws ImageSpecException if a setting, a manifest, the lock or a file is wrong; then no
   *     request was sent to any registry
   */
  static PlannedImages of(
      Catalog catalog, Session session, Settings settings, MachineMemory memory) {
    return of(catalog, session, settings, memory, new FurtherTags(settings.tags()));
  }

  /** Plans the images of a catalog, for a use case that sets no further tags. */
  static PlannedImages untagged(
      Catalog catalog, Session session, Settings settings, MachineMemory memory) {
    return of(catalog, session, settings, memory, new FurtherTags(List.of()));
  }

  private static PlannedImages of(
      Catalog catalog,
      Session session,
      Settings settings,
      MachineMemory memory,
      FurtherTags further) {
    List<Attempt<Draft>> drafted = drafts(catalog, session, settings, memory, further);
    List<Draft> drafts = Attempt.values(drafted);
    LockFile lock = LockFile.read(settings.lock());
    Resolver resolver = new Resolver(settings, lock, session.registry());
    resolver.requireLocked(drafts);
    List<Attempt<ResolvedSpec>> specs = resolver.resolve(drafts);
    Planner planner = new Planner(session.targets()::of, further, settings.force());
    List<Attempt<PlannedImage>> attempts = new ArrayList<>(planner.plan(Attempt.values(specs)));
    Stream.concat(drafted.stream(), specs.stream())
        .filter(Attempt.Failed.class::isInstance)
        .map(attempt -> (Attempt.Failed<?>) attempt)
        .forEach(failed -> attempts.add(failed.of(failed.subject())));
    return new PlannedImages(attempts, planner, lock);
  }

  private static List<Attempt<Draft>> drafts(
      Catalog catalog,
      Session session,
      Settings settings,
      MachineMemory memory,
      FurtherTags further) {
    if (catalog.tasks().isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          "There is no task class of yours on the class path. Give the folder of classes annotated"
              + " with @ImageSpec with --classpath; if they are in a jar, name it with --task-jar,"
              + " too.");
    }
    Engines.require(settings);
    List<Attempt<Draft>> drafted =
        new Drafter(settings, session.targets(), memory).draft(catalog.tasks());
    List<Draft> drafts = Attempt.values(drafted);
    if (drafts.stream().anyMatch(Draft::hasEnvironment)) {
      EnvironmentVariables.requirePrograms("start engines");
    }
    Planner.checkRepositories(drafts);
    further.check(drafts);
    return drafted;
  }

  /** The images that can be built or reused. */
  List<PlannedImage> images() {
    return Attempt.values(attempts);
  }
}
