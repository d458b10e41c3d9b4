package dev.imagespec.runtime.memory;

import dev.imagespec.runtime.work.PrivateFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Where a memory has its files: a folder for each kind. */
final class MemoryFolder {
  private static final String LOCK = "lock";
  private static final int TRIES = 40;
  private static final long PAUSE_NANOS = 50_000_000;
  private static final int MOST_FILES = 2_000;
  private static final long MOST_BYTES = 64 << 20;

  /** Of this process: where it closes a file, it loses its locks on it (POSIX). */
  private static final ReentrantLock IN_PROCESS = new ReentrantLock();

  private final Path path;

  MemoryFolder(Path path) {
    this.path = path;
  }

  /**
   * Why nothing in the folder may be believed, if there is one; empty if it is this user's, and
   * nobody else may write into it.
   */
  Optional<String> objection() throws IOException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    if (!Files.isDirectory(path)) {
      return Optional.of("it is not a folder");
    }
    PosixFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, PosixFileAttributes.class);
    } catch (UnsupportedOperationException e) {
      // A file system without owners and modes, as on Windows, where the profile is the user's own.
      return Optional.empty();
    }
    if (!attributes.owner().equals(user())) {
      return Optional.of("it belongs to another user, " + attributes.owner().getName());
    }
    return attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
            || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)
        ? Optional.of("others may write into it")
        : Optional.empty();
  }

  /** The user of this process: by the system, since Java's property can be set to any name. */
  private static UserPrincipal user() throws IOException {
    Path process = Path.of("/proc/self");
    return Files.exists(process)
        ? Files.getOwner(process)
        : process
            .getFileSystem()
            .getUserPrincipalLookupService()
            .lookupPrincipalByName(System.getProperty("user.name"));
  }

  /** The records of a file; none if it cannot be read. */
  Map<String, RecordFile.Entry> read(String kind, String name, String title, int today) {
    try {
      return RecordFile.read(path.resolve(kind).resolve(name), title, today);
    } catch (IOException e) {
      // What cannot be read is as if it were not there.
      return new HashMap<>();
    }
  }

  /**
   * What changed in a file.
   *
   * @param kind the folder in which it is
   * @param name its name
   */
  record Change(String kind, String name, Records records) {}

  /** Writes what changed. Of two processes at a time, one waits for the other. */
  void write(Collection<Change> changes) throws IOException {
    new PrivateFolder(path).create();
    IN_PROCESS.lock();
    try (FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      FileLock unused = lock(channel);
      for (String kind : changes.stream().map(Change::kind).distinct().toList()) {
        PrivateFolder folder = new PrivateFolder(path.resolve(kind));
        folder.create();
        for (Change change : of(kind, changes)) {
          folder.replace(
              change.name(),
              draft -> change.records().write(folder.path().resolve(change.name()), draft));
        }
        folder.prune(MOST_FILES, MOST_BYTES);
      }
    } finally {
      IN_PROCESS.unlock();
    }
  }

  private static List<Change> of(String kind, Collection<Change> changes) {
    return changes.stream().filter(change -> change.kind().equals(kind)).toList();
  }

  /** Without the lock, one process could lose what another learnt; that is better than to wait. */
  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    for (int left = TRIES; left > 0; left--) {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        // In this process, and loaded by another class loader.
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return null;
  }

  Path path() {
    return path;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
