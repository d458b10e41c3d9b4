package dev.imagespec.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * The files of a project. A path is relative to the project directory, with {@code /} between
 * folders, whatever the machine; the empty path is the directory itself.
 */
public interface ProjectDirectory {
  /** The files below a folder of this machine. */
  static ProjectDirectory at(Path folder) {
    return new DiskDirectory(folder);
  }

  /** Whether there is a file or folder of this path, links followed. */
  boolean exists(String path);

  /** Whether there is a plain file of this path, links followed. */
  boolean isFile(String path);

  /**
   * Whether a path stays in the project directory when links are followed. A link to nothing does.
   *
   * @throws IOException if that cannot be found out
   */
  boolean isInside(String path) throws IOException;

  /**
   * Reads a file.
   *
   * @param limit the number of bytes to read at most: one more byte says that a file is too large
   * @throws IOException if the file is missing or cannot be read
   */
  byte[] read(String path, int limit) throws IOException;

  /**
   * Walks a file, or a folder and all that is in it, folders before what they hold. Links are not
   * followed.
   *
   * @param visit takes each path; says whether to go on
   * @throws IOException if the path cannot be read
   * @throws java.io.UncheckedIOException if something below it cannot be read
   */
  void walk(String path, Predicate<String> visit) throws IOException;
}
