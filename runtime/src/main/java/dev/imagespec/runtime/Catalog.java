package dev.imagespec.runtime;

import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.catalog.ClassPath;
import dev.imagespec.runtime.catalog.FoundManifest;
import dev.imagespec.runtime.catalog.ManifestFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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
      addBases(task.getClassLoader(), found);
    }
    return new Catalog(found, List.of());
  }

  /** Follows the last manifest to the tasks whose images it is based on. */
  private static void addBases(@Nullable ClassLoader loader, List<FoundManifest> found) {
    Set<String> seen = new HashSet<>();
    while (true) {
      String base = found.get(found.size() - 1).manifest().baseSpec();
      if (base.isEmpty() || !seen.add(base)) {
        return;
      }
      try {
        found.add(
            ManifestFinder.ofClass(Class.forName(base, false, loader))
                .orElseThrow(
                    () -> new ImageSpecException(FailureCode.INVALID_MANIFEST, noManifest(base))));
      } catch (ClassNotFoundException e) {
        throw new ImageSpecException(FailureCode.INVALID_MANIFEST, noManifest(base), e);
      }
    }
  }

  /**
   * The part of this catalog with these task classes and with those whose images they are based on.
   *
   * @param names binary or canonical names; none for all
   * @throws ImageSpecException if one is not in the catalog; the message lists what is
   */
  public Catalog only(Collection<String> names) {
    if (names.isEmpty()) {
      return this;
    }
    Map<String, FoundManifest> kept = new LinkedHashMap<>();
    for (String name : names) {
      FoundManifest at = find(name);
      while (at != null && kept.putIfAbsent(at.manifest().task(), at) == null) {
        at = tasks.get(at.manifest().baseSpec());
      }
    }
    return new Catalog(kept.values(), notes);
  }

  /**
   * The manifest of a task class.
   *
   * @param name its binary or canonical name
   * @throws ImageSpecException if it is not in the catalog; the message lists what is
   */
  Manifest manifest(String name) {
    return find(name).manifest();
  }

  private FoundManifest find(String name) {
    FoundManifest exact = tasks.get(name);
    return exact != null
        ? exact
        : tasks.values().stream()
            .filter(found -> found.manifest().task().replace('$', '.').equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.INVALID_SETTING,
                        noManifest(name)
                            + " On the class path are: "
                            + new TreeSet<>(tasks.keySet())
                            + String.join("", notes.stream().map(note -> ". " + note).toList())));
  }

  /** Binary names of the task classes, sorted. */
  public List<String> tasks() {
    return List.copyOf(tasks.keySet());
  }

  /** The manifests, sorted by task class. */
  public List<Manifest> manifests() {
    return tasks.values().stream().map(FoundManifest::manifest).toList();
  }

  /**
   * What a person should know about what was found: manifests that were passed over while
   * searching, and Dockerfiles of this catalog's tasks that are not their manifest's; a sentence
   * each.
   */
  public List<String> notes() {
    List<String> all = new ArrayList<>(notes);
    tasks.values().forEach(found -> all.addAll(found.notes()));
    return List.copyOf(all);
  }

  private static String noManifest(String name) {
    return "There is no manifest of "
        + name
        + ": is it annotated with @ImageSpec, and was it compiled with imagespec-processor on the"
        + " annotation processor path?";
  }
}
