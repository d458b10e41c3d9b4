package dev.imagespec.runtime.run;

import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.catalog.Task;
import dev.imagespec.runtime.compose.BaseImages;
import dev.imagespec.runtime.compose.BuildContext;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.resolve.Draft;
import dev.imagespec.runtime.resolve.Drafter;
import dev.imagespec.runtime.resolve.LockFile;
import dev.imagespec.runtime.resolve.PythonFiles;
import dev.imagespec.runtime.resolve.Recipe;
import dev.imagespec.runtime.resolve.ResolvedSpec;
import dev.imagespec.runtime.resolve.Resolver;
import dev.imagespec.runtime.work.Attempt;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes a task's build context for {@code docker build}. */
public final class Exporting {
  private final Session session;
  private final Settings settings;

  public Exporting(Session session, Settings settings) {
    this.session = session;
    this.settings = settings;
  }

  /**
   * Writes the context of a task.
   *
   * @param name the task class's binary or canonical name
   * @param folder the folder to write to; missing or empty
   * @throws ImageSpecException if the task is not in the catalog, a file is missing, or the folder
   *     is not empty
   */
  public void export(Catalog catalog, String name, Path folder) {
    // Before a registry is asked, like all that is given wrongly.
    BuildContext.requireRoom(folder);
    Task task = catalog.task(name);
    Drafter drafter = new Drafter(settings, session.targets(), MachineMemory.none());
    PythonFiles python = drafter.python(task);
    Manifest manifest = python.with(task.manifest());
    Resolver resolver = new Resolver(settings, LockFile.read(settings.lock()), session.registry());
    if (manifest.dockerfile().isSet()) {
      Recipe recipe = drafter.recipe(task);
      BuildContext.write(
          folder, manifest, resolver.base(recipe, manifest.platforms()), drafter.files(task));
      return;
    }
    Optional<ImageReference> base = base(catalog, task, resolver);
    BuildContext.write(
        folder,
        manifest,
        base,
        Dockerfile.asksForUser(manifest) ? Optional.of(user(manifest, base)) : Optional.empty(),
        drafter.files(task),
        drafter.steps(task, python));
  }

  /**
   * What an exported build starts from; if the base is another task's image, the tag of that image.
   */
  private Optional<ImageReference> base(Catalog catalog, Task task, Resolver resolver) {
    Manifest manifest = task.manifest();
    if (manifest.baseSpec().isEmpty()) {
      return task.base().map(reference -> resolver.pinned(reference, manifest.platforms()));
    }
    List<Draft> drafts =
        new Drafter(settings, session.targets(), MachineMemory.none())
            .draft(catalog.only(List.of(manifest.baseSpec())).tasks()).stream()
                .map(Attempt::get)
                .toList();
    return resolver.resolve(drafts).stream()
        .filter(spec -> spec.subject().tasks().contains(manifest.baseSpec()))
        .map(Attempt::get)
        .map(spec -> reference(spec))
        .findFirst();
  }

  private static ImageReference reference(ResolvedSpec spec) {
    return spec.draft().target().image(spec.fingerprint().tag());
  }

  private String user(Manifest manifest, Optional<ImageReference> base) {
    return base.map(
            reference ->
                new BaseImages(session.registry())
                    .user(
                        settings.mirror(reference.repository()),
                        reference,
                        manifest.platforms().get(0)))
        .orElse("");
  }
}
