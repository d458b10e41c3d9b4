package dev.imagespec.runtime.compose;

import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.AtExit;
import dev.imagespec.runtime.work.FileTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
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
  private static final String OTHER = "Name another folder with imagespec.temp.";
  private static final int TRIES = 20;
  private static final long PAUSE_NANOS = 50_000_000;

  /** The reasons that another folder mends. */
  private static final Set<String> NO_ROOM =
      Set.of(IoReason.NO_SPACE, IoReason.NO_QUOTA, "File too large");

  /**
   * The workspaces of this process. Their locks must not be tried: where a process closes a file,
   * it loses its locks on it (POSIX).
   */
  private static final Set<Path> LIVE = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;
  private final AtExit atExit;

  private Workspace(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
    this.atExit = AtExit.of("imagespec-workspace-end", this::end);
  }

  /**
   * A workspace in a folder for temporary files. What killed registrations of this user left there
   * is deleted, as far as that is possible.
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
              + IoReason.withoutPath(e)
              + ". "
              + (NO_ROOM.contains(IoReason.withoutPath(e)) ? remedy(parent) : OTHER),
          e);
    }
  }

  /**
   * Deletes what killed registrations of this user left in a folder for temporary files, as far as
   * that is possible. For a registration that needs no workspace: none is made if nothing is left.
   */
  public static void clean(Path parent) {
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
    Path path = folder.resolve(name);
    try {
      // Never the workspace itself, which is deleted when this process ends.
      return Files.createDirectory(path);
    } catch (FileAlreadyExistsException e) {
      return path;
    }
  }

  /**
   * The failure of work that writes into the workspace. Where there was no room for it, the message
   * names the folder and says what to do.
   *
   * @param what what cannot be done, and for what reason: a sentence without its full stop
   */
  public ImageSpecException failure(String what, Exception e) {
    String reason = IoReason.withoutPath(e);
    boolean isFull = NO_ROOM.contains(reason);
    return new ImageSpecException(
        FailureCode.LOCAL_IO, what + (isFull ? ". " + remedy(folder.getParent()) : "."), e);
  }

  private static String remedy(@Nullable Path parent) {
    return "Free some space in " + parent + ", or name another folder with imagespec.temp.";
  }

  /**
   * A folder that nothing else of this registration uses. Its name is the given one, with a number
   * if there is such a folder.
   */
  public Path newFolder(String name) throws IOException {
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
    atExit.close();
    try {
      channel.close();
      FileTree.delete(folder);
      LIVE.remove(folder);
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.LOCAL_IO,
          "The temporary folder " + folder + " cannot be deleted: " + IoReason.of(e, folder) + ".",
          e);
    }
  }

  /**
   * Deletes the folder when a signal ends this process. Other threads may still write into it for a
   * moment.
   */
  private void end() {
    for (int left = TRIES; left > 0; left--) {
      try {
        FileTree.delete(folder);
        return;
      } catch (IOException e) {
        LOG.debug("{} is not deleted yet: {}", folder, e.toString());
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}
