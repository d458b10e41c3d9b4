package dev.imagespec.runtime.catalog;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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
      Path last = entry.getFileName();
      if (last != null && last.toString().equals("*")) {
        Path folder = entry.toAbsolutePath().getParent();
        expanded.addAll(jars(folder == null ? entry.toAbsolutePath() : folder));
      } else if (Files.exists(entry)) {
        expanded.add(entry.toAbsolutePath().normalize());
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
