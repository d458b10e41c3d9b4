package dev.imagespec.runtime.resolve;

import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.RegistryHost;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.catalog.ClassPath;
import dev.imagespec.runtime.registry.RemoteRepository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds out all that can be known of the images without asking a registry. */
public final class Drafter {
  private final Settings settings;
  private final ProjectFiles files = new ProjectFiles();
  private Optional<List<Layer>> classPathLayers = Optional.empty();

  public Drafter(Settings settings) {
    this.settings = settings;
  }

  /**
   * A draft of each manifest, in the manifests' order.
   *
   * @throws ImageSpecException if any of them is wrong; the message has a line for each
   */
  public List<Draft> draft(List<Manifest> manifests) {
    List<Draft> drafts = new ArrayList<>();
    List<ImageSpecException> problems = new ArrayList<>();
    for (Manifest manifest : manifests) {
      try {
        drafts.add(draft(manifest));
      } catch (ImageSpecException e) {
        problems.add(new ImageSpecException(e.code(), manifest.task() + ": " + e.getMessage(), e));
      } catch (IllegalArgumentException e) {
        problems.add(
            new ImageSpecException(
                FailureCode.INVALID_MANIFEST, manifest.task() + ": " + e.getMessage(), e));
      }
    }
    if (problems.size() == 1) {
      throw problems.get(0);
    }
    if (!problems.isEmpty()) {
      ImageSpecException all =
          new ImageSpecException(
              problems.get(0).code(),
              String.join("\n", problems.stream().map(ImageSpecException::getMessage).toList()));
      problems.forEach(all::addSuppressed);
      throw all;
    }
    checkBases(drafts);
    return List.copyOf(drafts);
  }

  /** Every task that is a base is there, and no task is its own. */
  private static void checkBases(List<Draft> drafts) {
    Map<String, String> bases = new HashMap<>();
    drafts.forEach(draft -> bases.put(draft.task(), draft.manifest().baseSpec()));
    for (Draft draft : drafts) {
      Set<String> way = new LinkedHashSet<>();
      String at = draft.task();
      while (!at.isEmpty()) {
        if (!way.add(at)) {
          throw new ImageSpecException(
              FailureCode.INVALID_MANIFEST,
              "An image cannot be based on itself: " + String.join(" → ", way) + " → " + at + ".");
        }
        String base = bases.get(at);
        if (base == null) {
          throw new ImageSpecException(
              FailureCode.INVALID_MANIFEST,
              draft.task()
                  + " is based on the image of "
                  + at
                  + ", which is not on the class path. Add it with --classpath.");
        }
        at = base;
      }
    }
  }

  /**
   * The files of a task's payload, for a build context.
   *
   * @throws ImageSpecException if a file is missing or cannot be packed
   */
  public PayloadFiles files(Manifest manifest) {
    Manifest.Payload payload = manifest.payload();
    boolean classPath = payload.classpath() || !payload.mainClass().isEmpty();
    return new PayloadFiles(
        classPath ? classPathLayers() : List.of(),
        payload.copy().stream()
            .map(copy -> CopyLayer.entries(copy, settings.projectDir(), files))
            .toList());
  }

  private Draft draft(Manifest manifest) {
    refuseUnsupported(manifest);
    Manifest.Payload payload = manifest.payload();
    List<Layer> layers = new ArrayList<>();
    if (payload.classpath() || !payload.mainClass().isEmpty()) {
      layers.addAll(classPathLayers());
    }
    Layer copied = CopyLayer.of(payload.copy(), settings.projectDir(), files);
    if (!copied.entries().isEmpty()) {
      layers.add(copied);
    }
    Optional<ImageReference> base = base(manifest);
    if (manifest.baseImage().equals(Manifest.SCRATCH) && layers.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_MANIFEST,
          "an image on scratch without any file is empty; copy a program into it, or set another"
              + " baseImage.");
    }
    return new Draft(
        manifest, target(manifest), base, List.copyOf(layers), PayloadConfig.of(payload));
  }

  private static void refuseUnsupported(Manifest manifest) {
    if (!manifest.environment().isEmpty()) {
      throw new ImageSpecException(
          FailureCode.UNSUPPORTED,
          "aptPackages, packages, requirements and commands need an engine to run their steps, which"
              + " this release does not have yet. Put them into a base image of your own, or leave this"
              + " task out with --class.");
    }
    Manifest.Repository creation = manifest.repository();
    Manifest.Repository known =
        new Manifest.Repository(creation.mutableTags(), false, "", List.of(), 0);
    if (!creation.equals(known)) {
      throw new ImageSpecException(
          FailureCode.UNSUPPORTED,
          "of @Repository, this release acts on mutableTags alone; remove scanOnPush, kmsKey,"
              + " pullPrincipals and expireAfterDays, and set them in ECR.");
    }
  }

  private List<Layer> classPathLayers() {
    if (settings.classPath().isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          "classpath and mainClass put the class path into the image, and none is given; set"
              + " --classpath (imagespec.classpath).");
    }
    if (classPathLayers.isEmpty()) {
      List<Path> entries = ClassPath.expand(settings.classPath());
      classPathLayers = Optional.of(ClassPathLayers.of(entries, files));
    }
    return classPathLayers.get();
  }

  /**
   * The repository that a task's image is pushed to.
   *
   * @throws ImageSpecException if there is none, or nothing can be pushed to it
   */
  public RemoteRepository target(Manifest manifest) {
    String host = settings.registry().orElse(manifest.registry());
    String name = settings.name().orElse(manifest.name());
    if (host.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          "no registry to push to; set registry in @ImageSpec, or --registry (imagespec.registry).");
    }
    if (name.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          "no repository name; set name in @ImageSpec, or --name (imagespec.name).");
    }
    RegistryHost registry = RegistryHost.parse(host);
    if (registry.host().equals(RegistryHost.ECR_PUBLIC)) {
      throw new ImageSpecException(
          FailureCode.UNSUPPORTED,
          "pushing to Amazon ECR Public ("
              + RegistryHost.ECR_PUBLIC
              + ") is not supported by this release; push to a private registry.");
    }
    return new RemoteRepository(registry.host(), registry.repository(name));
  }

  /** The base image's reference; empty for {@code scratch} and for another task's image. */
  public static Optional<ImageReference> base(Manifest manifest) {
    if (!manifest.baseSpec().isEmpty()) {
      return Optional.empty();
    }
    if (manifest.baseImage().isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_MANIFEST,
          "no base image; set baseImage in @ImageSpec, to \"scratch\" for none.");
    }
    return manifest.baseImage().equals(Manifest.SCRATCH)
        ? Optional.empty()
        : Optional.of(ImageReference.parse(manifest.baseImage()));
  }
}
