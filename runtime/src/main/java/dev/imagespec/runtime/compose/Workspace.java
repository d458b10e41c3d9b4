package dev.imagespec.runtime.compose;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The temporary folder of one registration. It holds a lock on the file {@code lock} in the folder
 * while it runs. Folders left by killed registrations are not locked; the next registration deletes
 * them.
 */
public final class Workspace implements AutoCloseable {
  private static final String PREFIX = "imagespec-";
  private static final String LOCK = "lock";

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
   * Opens a workspace in a folder, after deleting what killed registrations left there.
   *
   * @throws ImageSpecException with {@link FailureCode#LOCAL_IO} if the folder cannot be written to
   */
  public static Workspace open(Path parent) {
    try {
      clean(parent);
      while (true) {
        Path folder = Files.createTempDirectory(parent, PREFIX);
        FileChannel channel = null;
        try {
          channel =
              FileChannel.open(
                  folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          channel.lock();
          if (Files.exists(folder.resolve(LOCK))) {
            return new Workspace(folder, channel);
          }
        } catch (NoSuchFileException e) {
          // Another registration deleted the folder as abandoned before it was locked: create a new
          // one.
        }
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
              + e.getMessage()
              + ". Free some space, or name another folder with -Djava.io.tmpdir.",
          e);
    }
  }

  /** A folder in the workspace; created if it is missing. */
  Path folder(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  @Override
  public void close() {
    try {
      channel.close();
      delete(folder);
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.LOCAL_IO,
          "The temporary folder " + folder + " cannot be deleted: " + e.getMessage() + ".",
          e);
    }
  }

  private static void clean(Path parent) throws IOException {
    try (DirectoryStream<Path> list = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : list) {
        if (isAbandoned(folder)) {
          delete(folder);
        }
      }
    }
  }

  /** Whether the folder is a workspace whose registration has ended. */
  private static boolean isAbandoned(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel)) {
      return lock != null;
    } catch (FileSystemException e) {
      // Not a workspace, not locked yet, or another user's: not ours to delete.
      return false;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Belongs to another registration in this process that is still running.
      return null;
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
