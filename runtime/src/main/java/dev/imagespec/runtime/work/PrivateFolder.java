package dev.imagespec.runtime.work;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A folder of files that may be deleted at any time, which only their owner may read. Several
 * processes may write at once: each file is replaced as a whole.
 *
 * @param path the folder
 */
public record PrivateFolder(Path path) {
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /**
   * Creates the folder, for its owner alone, if it is missing.
   *
   * @throws NotDirectoryException if something else is in its place
   */
  public void create() throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(path)) {
      throw new NotDirectoryException(path.toString());
    }
    try {
      Files.createDirectories(path, permissions("rwx------"));
    } catch (FileAlreadyExistsException e) {
      throw (IOException) new NotDirectoryException(path.toString()).initCause(e);
    }
  }

  private static FileAttribute<?>[] permissions(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** Writes a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes it to a draft, which then takes the file's place. */
    void write(Path draft) throws IOException;
  }

  /** Replaces or creates a file of this name in the folder, which must exist. */
  public void replace(String name, Content content) throws IOException {
    Path draft = Files.createTempFile(path, ".", ".tmp", permissions("rw-------"));
    try {
      content.write(draft);
      Files.move(
          draft,
          path.resolve(name),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Gives a file the present time, so that it is not among the oldest; whether it is there. */
  public static boolean touch(Path file) throws IOException {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private record Found(Path file, FileTime time, long bytes) {}

  /** Deletes the oldest files where there are too many, or they are too large together. */
  public void prune(int mostFiles, long mostBytes) throws IOException {
    List<Found> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        found(file).ifPresent(found::add);
      }
    }
    long bytes = found.stream().mapToLong(Found::bytes).sum();
    found.sort(Comparator.comparing(Found::time));
    int count = found.size();
    for (Found oldest : found) {
      if (count <= mostFiles && bytes <= mostBytes) {
        return;
      }
      Files.deleteIfExists(oldest.file());
      count--;
      bytes -= oldest.bytes();
    }
  }

  /** A file of the folder; empty for what is none, or was deleted meanwhile by another process. */
  private static Optional<Found> found(Path file) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isDirectory()
          ? Optional.empty()
          : Optional.of(new Found(file, attributes.lastModifiedTime(), attributes.size()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
