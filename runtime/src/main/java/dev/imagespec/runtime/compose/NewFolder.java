package dev.imagespec.runtime.compose;

import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that is filled as a whole or not at all: if that fails, what was written is deleted
 * again, and so are the folders that were made for it.
 */
final class NewFolder {
  private final Path folder;
  private final Deque<Path> made = new ArrayDeque<>();

  private NewFolder(Path folder) {
    this.folder = folder;
  }

  /** Writes what goes into the folder. */
  interface Filling {
    void run() throws IOException;
  }

  /**
   * Fills a folder, which must be missing or empty.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if it is neither
   * @throws IOException if it cannot be made, or as the filling does
   */
  static void fill(Path path, Filling filling) throws IOException {
    require(path);
    NewFolder folder = new NewFolder(path);
    try {
      folder.make();
      filling.run();
    } catch (IOException | RuntimeException e) {
      folder.undo(e);
      throw e;
    }
  }

  /**
   * Checks that a folder is missing or empty.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if it is not
   */
  static void require(Path path) {
    String why;
    try {
      why = new NewFolder(path).content().isEmpty() ? "" : "is not empty";
    } catch (IOException e) {
      why = "cannot be written: " + IoReason.of(e, path);
    }
    if (!why.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          path + " " + why + "; name an empty or a new folder with --to.");
    }
  }

  private List<Path> content() throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(folder)) {
      return list.toList();
    }
  }

  private void make() throws IOException {
    Path path = folder.toAbsolutePath().normalize();
    Deque<Path> missing = new ArrayDeque<>();
    while (path != null && !Files.exists(path)) {
      missing.push(path);
      path = path.getParent();
    }
    for (Path each : missing) {
      // The folders above may be made for another one at the same time; this one is for us alone.
      if (each == missing.peekLast()) {
        Files.createDirectory(each);
        made.push(each);
      } else if (FileTree.make(each)) {
        made.push(each);
      }
    }
  }

  private void undo(Exception why) {
    try {
      for (Path path : content()) {
        FileTree.delete(path);
      }
      for (Path path : made) {
        Files.delete(path);
      }
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }
}
