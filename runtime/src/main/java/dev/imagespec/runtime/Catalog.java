package dev.imagespec.runtime;

import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.catalog.ClassPath;
import dev.imagespec.runtime.catalog.FoundManifest;
import dev.imagespec.runtime.catalog.ManifestFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The task classes of a registration, each with the manifest that the compiler wrote for it. */
public final class Catalog {
  private final Map<String, FoundManifest> tasks = new TreeMap<>();
  private final List<String> notes;

  private Catalog(Collection<FoundManifest> manifests, List<String> notes) {
    manifests.forEach(found -> tasks.put(found.manifest().task(), found));
    this.notes = List.copyOf(notes);
  }

  /**
   * All task classes on a class path.
   *
   * @param classPath folders and jars; {@code folder/*} stands for the folder's jars
   * @throws ImageSpecException if an entry does not exist, or a manifest cannot be read
   */
  public static Catalog of(List<Path> classPath) {
    ManifestFinder finder = ManifestFinder.search(ClassPath.expand(classPath));
    return new Catalog(finder.manifests(), finder.notes());
  }

  /**
   * These task classes, through their own class loaders.
   *
   * @throws ImageSpecException if one has no manifest: it is not annotated, or was compiled without
   *     the annotation processor
   */
  public static Catalog ofClasses(Class<?>... classes) {
    List<FoundManifest> found = new ArrayList<>();
    for (Class<?> task : classes) {
      found.add(
          ManifestFinder.ofClass(task)
              .orElseThrow(
                  () ->
                      new ImageSpecException(
                          FailureCode.INVALID_MANIFEST, noManifest(task.getName()))));
    }
    return new Catalog(found, List.of());
  }

  /**
   * The part of this catalog with these task classes.
   *
   * @param names binary or canonical names; none for all
   * @throws ImageSpecException if one is not in the catalog; the message lists what is
   */
  public Catalog only(Collection<String> names) {
    if (names.isEmpty()) {
      return this;
    }
    List<FoundManifest> kept = new ArrayList<>();
    for (String name : names) {
      FoundManifest exact = tasks.get(name);
      if (exact == null) {
        exact =
            tasks.values().stream()
                .filter(found -> found.manifest().task().replace('$', '.').equals(name))
                .findFirst()
                .orElseThrow(
                    () ->
                        new ImageSpecException(
                            FailureCode.INVALID_SETTING,
                            noManifest(name)
                                + " On the class path are: "
                                + new TreeSet<>(tasks.keySet())));
      }
      kept.add(exact);
    }
    return new Catalog(kept, notes);
  }

  /** Binary names of the task classes, sorted. */
  public List<String> tasks() {
    return List.copyOf(tasks.keySet());
  }

  /** The manifests, sorted by task class. */
  public List<Manifest> manifests() {
    return tasks.values().stream().map(FoundManifest::manifest).toList();
  }

  /** The Dockerfile that the compiler wrote for a task class. */
  public Optional<String> dockerfile(String task) {
    return Optional.ofNullable(tasks.get(task))
        .map(FoundManifest::dockerfile)
        .filter(text -> !text.isEmpty());
  }

  /** What was passed over while searching, and why; a sentence each. */
  public List<String> notes() {
    return notes;
  }

  private static String noManifest(String name) {
    return "There is no manifest of "
        + name
        + ": is it annotated with @ImageSpec, and was it compiled with imagespec-processor on the"
        + " annotation processor path?";
  }
}
