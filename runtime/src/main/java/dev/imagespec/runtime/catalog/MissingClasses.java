package dev.imagespec.runtime.catalog;

import dev.imagespec.ImageSpec;
import dev.imagespec.runtime.TaskSource;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Classes that a program refers to and no entry of its class path has. It would fail in the image
 * with a {@code NoClassDefFoundError}, unless it never gets there: libraries are often optional.
 */
final class MissingClasses {
  private static final int MOST_SHOWN = 3;

  /** The packages of this Java, which images with Java have, too. */
  private static final Set<String> PLATFORM = new HashSet<>();

  static {
    ModuleFinder.ofSystem()
        .findAll()
        .forEach(module -> PLATFORM.addAll(module.descriptor().packages()));
  }

  /** The annotations are used at compile time, so programs run without them. */
  private static final String ANNOTATIONS = ImageSpec.class.getPackageName();

  private MissingClasses() {}

  /**
   * The missing classes of a source, each with one that refers to it; folders of classes are looked
   * through, jars are taken for complete.
   */
  static Map<String, String> of(TaskSource source, EntryClasses classes) {
    Map<String, String> missing = new TreeMap<>();
    for (TaskSource.Entry entry : source.classPath()) {
      if (Files.isDirectory(entry.path())) {
        for (ClassFile file : classes.of(entry.path())) {
          file.references().stream()
              .filter(name -> !isPlatforms(name))
              .forEach(name -> missing.putIfAbsent(name, file.name()));
        }
      }
    }
    for (TaskSource.Entry entry : source.classPath()) {
      if (!missing.isEmpty()) {
        removeAllOf(entry.path(), missing.keySet());
      }
    }
    return missing;
  }

  private static boolean isPlatforms(String name) {
    String ofPackage = name.substring(0, Math.max(0, name.lastIndexOf('.')));
    return PLATFORM.contains(ofPackage) || ofPackage.equals(ANNOTATIONS);
  }

  private static void removeAllOf(Path entry, Set<String> names) {
    try (EntryFiles files = EntryFiles.open(entry)) {
      for (String name : Set.copyOf(names)) {
        if (files.hasClass(name)) {
          names.remove(name);
        }
      }
    } catch (IOException e) {
      throw ManifestFinder.unreadable(entry, e);
    }
  }

  /** A warning of these classes, one sentence; empty if there are none. */
  static Optional<String> warning(Map<String, String> missing) {
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    String shown =
        String.join(
            ", ",
            missing.entrySet().stream()
                .limit(MOST_SHOWN)
                .map(entry -> entry.getValue() + " refers to " + entry.getKey())
                .toList());
    String more =
        missing.size() > MOST_SHOWN ? " (and " + (missing.size() - MOST_SHOWN) + " more)" : "";
    return Optional.of(
        shown
            + more
            + ", which no entry of the class path has; a program that gets there ends with a"
            + " NoClassDefFoundError; add the jars that have them with --classpath");
  }
}
