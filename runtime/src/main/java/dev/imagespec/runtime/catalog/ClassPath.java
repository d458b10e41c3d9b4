package dev.imagespec.runtime.catalog;

import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** Expands a class path into the folders and jars that it names. */
public final class ClassPath {
  private static final String JAR = ".jar";

  private ClassPath() {}

  /**
   * The folders and jars of a class path, in its order, each once. An entry that ends in {@code /*}
   * stands for all jars of that folder, sorted by name, as for {@code java -cp}. An entry that does
   * not exist stays, so that it can be {@linkplain #passedOver told of}.
   *
   * @throws ImageSpecException if an entry is neither a file nor a folder
   */
  public static List<Path> expand(List<Path> entries) {
    Set<Path> expanded = new LinkedHashSet<>();
    for (Path entry : entries) {
      Path absolute = entry.toAbsolutePath().normalize();
      Path folder = absolute.getParent();
      if (isWildcard(entry) && folder != null && Files.isDirectory(folder)) {
        expanded.addAll(jars(folder));
      } else if (!Files.exists(entry) || Files.isDirectory(entry) || Files.isRegularFile(entry)) {
        expanded.add(absolute);
      } else {
        throw new ImageSpecException(
            FailureCode.INVALID_FILE,
            "The class path entry "
                + entry
                + " is neither a folder nor a jar. Correct --classpath.");
      }
    }
    return List.copyOf(expanded);
  }

  /**
   * Why {@code java} passes an entry over; empty if it does not. A file that is named like a jar
   * and is none is not among them: it was broken on its way, and the program would miss it.
   */
  static Optional<String> passedOver(Path entry) {
    if (!Files.exists(entry)) {
      return Optional.of("which does not exist");
    }
    boolean isJar = Files.isDirectory(entry) || isNamedJar(entry) || isZip(entry);
    return isJar ? Optional.empty() : Optional.of("which is no jar");
  }

  static boolean isNamedJar(Path entry) {
    return entry.toString().toLowerCase(Locale.ROOT).endsWith(JAR);
  }

  /** Whether a wildcard stands for it: {@code java} knows no {@code .Jar}. */
  private static boolean isWildcards(String name) {
    return name.endsWith(JAR) || name.endsWith(JAR.toUpperCase(Locale.ROOT));
  }

  private static boolean isZip(Path file) {
    try {
      new ZipFile(file.toFile()).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A note about all entries that are passed over, one sentence; empty if there are none. */
  static Optional<String> note(Collection<Path> entries) {
    List<String> all =
        entries.stream()
            .flatMap(entry -> passedOver(entry).map(why -> entry + ", " + why).stream())
            .toList();
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of("passed over, as java does: " + String.join("; ", all));
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
              .filter(file -> isWildcards(file.toString()) && Files.isRegularFile(file))
              .map(file -> file.toAbsolutePath().normalize())
              .sorted()
              .toList());
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "The class path entry " + folder + "/* cannot be listed: " + IoReason.of(e, folder) + ".",
          e);
    }
  }
}
