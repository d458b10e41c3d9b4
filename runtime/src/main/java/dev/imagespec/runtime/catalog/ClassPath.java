package dev.imagespec.runtime.catalog;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Expands a class path into the folders and jars that it names. */
public final class ClassPath {
  private ClassPath() {}

  /**
   * The folders and jars of a class path, in its order, each once. An entry that ends in {@code /*}
   * stands for all jars of that folder, sorted by name, as for {@code java -cp}.
   *
   * @throws ImageSpecException if an entry does not exist; {@code java} would ignore it
   */
  public static List<Path> expand(List<Path> entries) {
    Set<Path> expanded = new LinkedHashSet<>();
    for (Path entry : entries) {
      if (isWildcard(entry)) {
        Path folder = entry.toAbsolutePath().getParent();
        expanded.addAll(jars(folder == null ? entry.toAbsolutePath() : folder));
      } else if (Files.isDirectory(entry) || Files.isRegularFile(entry)) {
        expanded.add(entry.toAbsolutePath().normalize());
      } else if (Files.exists(entry)) {
        throw new ImageSpecException(
            FailureCode.INVALID_FILE,
            "The class path entry "
                + entry
                + " is neither a folder nor a jar. Correct --classpath.");
      } else {
        throw new ImageSpecException(
            FailureCode.INVALID_FILE,
            "The class path entry "
                + entry
                + " does not exist. Compile the project first, or correct --classpath.");
      }
    }
    return List.copyOf(expanded);
  }

  /**
   * The jars of a class path that contain tasks.
   *
   * @param jars as they were given; {@code folder/*} stands for those jars of a folder that are on
   *     the class path
   * @param classPath the class path, expanded
   * @throws ImageSpecException if one is not on the class path
   */
  public static List<Path> taskJars(List<Path> jars, List<Path> classPath) {
    List<Path> found = new ArrayList<>();
    for (Path jar : jars) {
      List<Path> named = named(jar, classPath);
      if (named.isEmpty()) {
        // Others may name it in their manifests.
        named = named(jar, FollowedClassPath.of(classPath, new ClassPathAttributes()).entries());
      }
      if (named.isEmpty()) {
        throw new ImageSpecException(
            FailureCode.INVALID_SETTING,
            "The task jar "
                + jar
                + " is not on the class path. Add it with --classpath, or correct --task-jar.");
      }
      found.addAll(named);
    }
    return List.copyOf(found);
  }

  private static List<Path> named(Path jar, List<Path> classPath) {
    Path absolute = jar.toAbsolutePath().normalize();
    return classPath.stream()
        .filter(
            entry ->
                isWildcard(jar)
                    ? Objects.equals(entry.getParent(), absolute.getParent())
                    : entry.equals(absolute))
        .toList();
  }

  private static boolean isWildcard(Path entry) {
    return entry.endsWith("*");
  }

  private static List<Path> jars(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(
          files
              .filter(file -> file.toString().endsWith(".jar") && Files.isRegularFile(file))
              .map(file -> file.toAbsolutePath().normalize())
              .sorted()
              .toList());
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "The class path entry " + folder + "/* cannot be listed: " + e.getMessage(),
          e);
    }
  }
}
