package dev.imagespec.runtime.compose;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what killed registrations left in the folder for temporary files. Others may write there:
 * only folders of the same user are touched, relative to open folders, and no link is followed, so
 * that nothing can be put in the way. Whatever cannot be deleted stays; it stops nobody. Where the
 * system has no such access (Windows), nothing is deleted.
 */
final class AbandonedWorkspaces {
  private static final Logger LOG = LoggerFactory.getLogger(AbandonedWorkspaces.class);

  /** How deep a tree may be, for each level is an open file. */
  private static final int DEEPEST = 200;

  private AbandonedWorkspaces() {}

  /**
   * Deletes the workspaces whose lock nobody holds.
   *
   * @param prefix how their names start
   * @param lock the name of their lock file
   * @param live those of this process
   * @param owner whose they have to be
   */
  static void clean(Path parent, String prefix, String lock, Set<Path> live, UserPrincipal owner) {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent)) {
      if (stream instanceof SecureDirectoryStream<Path> folder) {
        for (Path path : stream) {
          Path name = path.getFileName();
          if (name.toString().startsWith(prefix) && !live.contains(path)) {
            clean(folder, name, path.getFileSystem().getPath(lock), owner);
          }
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.debug("{} cannot be cleaned: {}", parent, e.toString());
    }
  }

  private static void clean(
      SecureDirectoryStream<Path> parent, Path name, Path lock, UserPrincipal owner) {
    try {
      PosixFileAttributes attributes = attributes(parent, name);
      if (attributes.isDirectory()
          && attributes.owner().equals(owner)
          && isCleaned(parent, name, lock, owner)) {
        parent.deleteDirectory(name);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.debug("{} stays: {}", name, e.toString());
    }
  }

  /** Empties a workspace, unless its registration lives. */
  private static boolean isCleaned(
      SecureDirectoryStream<Path> parent, Path name, Path lock, UserPrincipal owner)
      throws IOException {
    try (SecureDirectoryStream<Path> folder = parent.newDirectoryStream(name, NOFOLLOW_LINKS)) {
      UserPrincipal opened =
          folder.getFileAttributeView(PosixFileAttributeView.class).readAttributes().owner();
      // To open a pipe would be to wait for whoever reads it.
      if (!opened.equals(owner) || !attributes(folder, lock).isRegularFile()) {
        return false;
      }
      Set<StandardOpenOption> options = Set.of(StandardOpenOption.WRITE);
      try (SeekableByteChannel channel = folder.newByteChannel(lock, options);
          FileLock held = channel instanceof FileChannel file ? file.tryLock() : null) {
        if (held == null) {
          return false;
        }
        // Whoever made the folder just now waits for the lock, and then sees that its file is gone.
        empty(folder, lock, 0);
        folder.deleteFile(lock);
        return true;
      }
    }
  }

  private static void empty(SecureDirectoryStream<Path> folder, Path kept, int depth)
      throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("it is too deep");
    }
    for (Path path : folder) {
      Path name = path.getFileName();
      if (depth == 0 && name.equals(kept)) {
        continue;
      }
      if (attributes(folder, name).isDirectory()) {
        try (SecureDirectoryStream<Path> inner = folder.newDirectoryStream(name, NOFOLLOW_LINKS)) {
          empty(inner, kept, depth + 1);
        }
        folder.deleteDirectory(name);
      } else {
        folder.deleteFile(name);
      }
    }
  }

  private static PosixFileAttributes attributes(SecureDirectoryStream<Path> folder, Path name)
      throws IOException {
    return folder
        .getFileAttributeView(name, PosixFileAttributeView.class, NOFOLLOW_LINKS)
        .readAttributes();
  }
}
