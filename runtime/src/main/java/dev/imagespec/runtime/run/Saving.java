package dev.imagespec.runtime.run;

import dev.imagespec.model.IoReason;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.SavedImage;
import dev.imagespec.runtime.SecretProvider;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.compose.BaseImages;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.compose.EnvironmentBuilder;
import dev.imagespec.runtime.compose.Environments;
import dev.imagespec.runtime.compose.ImageComposer;
import dev.imagespec.runtime.compose.ImageContent;
import dev.imagespec.runtime.compose.LayerBuilder;
import dev.imagespec.runtime.compose.LocatedEnvironment;
import dev.imagespec.runtime.compose.SecretSource;
import dev.imagespec.runtime.compose.Workspace;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.plan.Planner;
import dev.imagespec.runtime.publish.SaveTarget;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Sizes;
import dev.imagespec.runtime.work.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Saves the image of one task to this machine. What a registry has is read from there; the rest is
 * made as a registration makes it. No registry is written to.
 */
public final class Saving {
  private final Session session;
  private final Settings settings;
  private final RegistrationListener listener;

  public Saving(Session session, Settings settings, RegistrationListener listener) {
    this.session = session;
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Saves a task's image.
   *
   * @param catalog the task, and those that its image is based on
   * @param name the task class's binary or canonical name
   * @param to the tar or the folder to write
   * @throws ImageSpecException if the task is not in the catalog, a part of the image cannot be
   *     had, or it cannot be written; then nothing is left of it
   */
  public SavedImage save(Catalog catalog, String name, Path to) {
    SaveTarget target = SaveTarget.of(to);
    String task = catalog.task(name).name();
    PlannedImages planned =
        PlannedImages.untagged(catalog, session, settings, session.memory(listener));
    List<PlannedImage> images = planned.attempts().stream().map(Attempt::get).toList();
    PlannedImage wanted = of(task, images);
    try (Workspace workspace = Workspace.open(settings.temp());
        // What is saved is written whole: to know its digests before saves nothing.
        LayerBuilder layers = new LayerBuilder(workspace, MachineMemory.none());
        Workers workers = new Workers(settings.parallelism())) {
      ImageContent content = content(wanted, images, planned.planner(), workspace, layers);
      Platform loadable =
          target.write(scratch(workspace), content, wanted.toString(), wanted.tag(), workers);
      return new SavedImage(
          task,
          wanted.toString(),
          content.top().digest(),
          List.copyOf(content.manifests().keySet()),
          loadable,
          content.blobs().stream().mapToLong(BlobSource::size).reduce(0, Sizes::sum),
          target.path());
    }
  }

  private static Path scratch(Workspace workspace) {
    try {
      return workspace.newFolder("saved");
    } catch (IOException e) {
      throw workspace.failure("The image cannot be prepared: " + IoReason.of(e), e);
    }
  }

  private static PlannedImage of(String task, List<PlannedImage> images) {
    return images.stream()
        .filter(image -> image.tasks().contains(task))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(task + " has no image"));
  }

  private ImageContent content(
      PlannedImage wanted,
      List<PlannedImage> images,
      Planner planner,
      Workspace workspace,
      LayerBuilder layers) {
    if (wanted.isReused()) {
      listener.on(
          new RegistrationEvent.ImageReused(
              wanted.repository().image(wanted.tag()), wanted.tasks()));
      return ImageContent.read(
          session.registry(),
          wanted.repository(),
          wanted.existing().orElseThrow(),
          wanted.spec().base().platforms());
    }
    BaseImages bases = new BaseImages(session.registry());
    ImageComposer composer = new ImageComposer(bases, layers);
    ComposedImage last = null;
    for (PlannedImage image : chain(wanted, images)) {
      if (image.isReused()) {
        bases.register(image.tasks(), image.repository(), image.existing().orElseThrow());
      } else {
        last = compose(image, images, planner, bases, composer, workspace);
        bases.register(last);
      }
    }
    if (last == null) {
      throw new IllegalStateException(wanted + " was not composed");
    }
    return ImageContent.of(last);
  }

  /** An image and those that it is based on, down to one that its repository has; bases first. */
  private static List<PlannedImage> chain(PlannedImage wanted, List<PlannedImage> images) {
    List<PlannedImage> chain = new ArrayList<>();
    PlannedImage at = wanted;
    chain.add(at);
    while (!at.isReused() && at.spec().base() instanceof Base.OfTask base) {
      at = of(base.task(), images);
      chain.add(0, at);
    }
    return chain;
  }

  private ComposedImage compose(
      PlannedImage image,
      List<PlannedImage> images,
      Planner planner,
      BaseImages bases,
      ImageComposer composer,
      Workspace workspace) {
    composer.requireJava(image);
    composer.requirePython(image);
    Environments environments = new Environments();
    List<PlannedEnvironment> missing = new ArrayList<>();
    planner
        .environments(List.of(image), images)
        .forEach(
            (hosted, attempt) -> {
              if (attempt instanceof Attempt.Done<PlannedEnvironment> done
                  && done.value().existing().isEmpty()) {
                missing.add(done.value());
              } else {
                environments.put(hosted, attempt.then(LocatedEnvironment::existing));
              }
            });
    if (!missing.isEmpty()) {
      environments.putAll(
          EnvironmentBuilder.saving(
                  settings,
                  Engines.open(settings),
                  session.credentials(),
                  bases,
                  new SecretSource(
                      settings,
                      EnvironmentVariables.ofThisProcess(),
                      ServiceLoader.load(SecretProvider.class)),
                  workspace,
                  listener)
              .build(missing));
    }
    composer.require(image, environments);
    listener.on(
        new RegistrationEvent.ImageBuilding(
            image.repository().image(image.tag()), image.tasks(), image.reasons()));
    return composer.compose(image, environments);
  }
}
