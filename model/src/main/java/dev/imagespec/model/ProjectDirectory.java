package dev.imagespec.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * The files of a project. Paths are relative to the project directory and use {@code /} on every
 * machine. The empty path is the directory itself.
 */
public interface ProjectDirectory {
  /** The files below a folder on this machine. */
  static ProjectDirectory at(Path folder) {
    return new DiskDirectory(folder);
  }

  /** Whether a file or folder exists at this path. Follows links. */
  boolean exists(String path);

  /** Whether a regular file exists at this path. Follows links. */
  boolean isFile(String path);

  /**
   * Whether a path stays in the project directory when links are followed. True for a broken link.
   *
   * @throws IOException if the links cannot be resolved
   */
  boolean isInside(String path) throws IOException;

  /**
   * Reads a file.
   *
   * @param limit the largest number of bytes to read. To find out that a file is too large, pass
   *     one byte more than allowed
   * @throws IOException if the file is missing or cannot be read
   */
  byte[] read(String path, int limit) throws IOException;

  /** Whether a symbolic link exists at this path. */
  boolean isLink(String path);

  /**
   * Visits a file, or a folder and everything in it, each folder before its content. Does not
   * follow links.
   *
   * @param enters whether to visit a folder below, and what is in it
   * @param visit takes each path, and returns whether to continue
   * @throws IOException if the path cannot be read
   * @throws java.io.UncheckedIOException if a file or folder below it cannot be read
   */
  void walk(String path, Predicate<String> enters, Predicate<String> visit) throws IOException;
}
