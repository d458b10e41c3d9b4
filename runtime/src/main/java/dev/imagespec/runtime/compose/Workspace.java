package dev.imagespec.runtime.compose;

import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The temporary folder of one registration. It holds a lock on the file {@code lock} in the folder
 * while it runs. Folders left by killed registrations are not locked; the next registration deletes
 * them.
 */
public final class Workspace implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workspace.class);
  private static final String PREFIX = "imagespec-";
  private static final String LOCK = "lock";

  /**
   * The workspaces of this process. Their locks must not be tried: where a process closes a file,
   * it loses its locks on it (POSIX).
   */
  private static final Set<Path> LIVE = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private Workspace(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /** Opens a workspace in the system's temporary folder. */
  public static Workspace open() {
    return open(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * A workspace in a folder. What killed registrations of this user left there is deleted, as far
   * as that is possible.
   *
   * @throws ImageSpecException with {@link FailureCode#LOCAL_IO} if nothing can be written there
   */
  public static Workspace open(Path parent) {
    try {
      while (true) {
        Path folder = Files.createTempDirectory(parent, PREFIX);
        LIVE.add(folder);
        FileChannel channel = null;
        try {
          channel =
              FileChannel.open(
                  folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          channel.lock();
          if (Files.exists(folder.resolve(LOCK))) {
            AbandonedWorkspaces.clean(parent, PREFIX, LOCK, LIVE, Files.getOwner(folder));
            return new Workspace(folder, channel);
          }
        } catch (NoSuchFileException e) {
          // Before it was locked, another registration took the folder for a dead one's: use a new
          // one.
        }
        LIVE.remove(folder);
        if (channel != null) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.LOCAL_IO,
          "No temporary folder can be made in "
              + parent
              + ": "
              + IoReason.of(e, parent)
              + ". Free some space, or name another folder with -Djava.io.tmpdir.",
          e);
    }
  }

  /**
   * Deletes what killed registrations of this user left in the system's temporary folder, as far as
   * that is possible. For a registration that needs no workspace: none is made if nothing is left.
   */
  public static void clean() {
    clean(Path.of(System.getProperty("java.io.tmpdir")));
  }

  static void clean(Path parent) {
    try {
      if (hasOthers(parent)) {
        open(parent).close();
      }
    } catch (IOException | DirectoryIteratorException | ImageSpecException e) {
      LOG.debug("{} cannot be cleaned: {}", parent, e.toString());
    }
  }

  private static boolean hasOthers(Path parent) throws IOException {
    try (DirectoryStream<Path> workspaces = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path path : workspaces) {
        if (!LIVE.contains(path)) {
          return true;
        }
      }
      return false;
    }
  }

  /** A folder in the workspace; created if it is missing. */
  Path folder(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  /**
   * A folder that nothing else of this registration uses. Its name is the given one, with a number
   * if there is such a folder.
   */
  Path newFolder(String name) throws IOException {
    for (int number = 1; ; number++) {
      String numbered = number == 1 ? name : name + "-" + number;
      try {
        return Files.createDirectory(folder.resolve(numbered));
      } catch (FileAlreadyExistsException e) {
        // The same environment in another registry has it: try the next number.
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
      delete(folder);
      LIVE.remove(folder);
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.LOCAL_IO,
          "The temporary folder " + folder + " cannot be deleted: " + IoReason.of(e, folder) + ".",
          e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e)
              throws IOException {
            if (e != null && !(e instanceof NoSuchFileException)) {
              throw e;
            }
            Files.deleteIfExists(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
