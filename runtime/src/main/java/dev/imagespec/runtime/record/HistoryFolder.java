package dev.imagespec.runtime.record;

import dev.imagespec.model.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The files of a history. Only their owner may read them. Several processes may write at once: each
 * file is replaced as a whole. The oldest are deleted where there are too many.
 */
final class HistoryFolder {
  private static final int DIGITS = 40;
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private final Path path;
  private final int mostFiles;
  private final long mostBytes;
  private boolean grown;

  HistoryFolder(Path path) {
    // In each of the two folders.
    this(path, 5_000, 64L << 20);
  }

  HistoryFolder(Path path, int mostFiles, long mostBytes) {
    this.path = path;
    this.mostFiles = mostFiles;
    this.mostBytes = mostBytes;
  }

  Path path() {
    return path;
  }

  private Path tasks() {
    return path.resolve("tasks");
  }

  private Path layers() {
    return path.resolve("layers");
  }

  /** The file of a task. Names may be longer than those of files, so its hash names it. */
  Path task(String repository, String task) {
    Digest name = Digest.of((repository + "\n" + task).getBytes(StandardCharsets.UTF_8));
    return tasks().resolve(name.hex().substring(0, DIGITS) + ".json");
  }

  /** The file of a layer's list of files. */
  Path layer(Digest digest) {
    return layers().resolve(digest.hex() + ".json");
  }

  /** Creates the folders that are missing, for their owner alone. */
  void create() throws IOException {
    for (Path folder : List.of(path, tasks(), layers())) {
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(folder)) {
        throw new NotDirectoryException(folder.toString());
      }
      try {
        Files.createDirectories(folder, permissions("rwx------"));
      } catch (FileAlreadyExistsException e) {
        throw (IOException) new NotDirectoryException(folder.toString()).initCause(e);
      }
    }
  }

  private static FileAttribute<?>[] permissions(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * Writes a file, unless it has this text already, or the text is too long. A file that stays gets
   * the present time, so that it is not among the oldest.
   */
  void write(Path file, String text, int most) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > most) {
      return;
    }
    if (isTouched(file, bytes)) {
      return;
    }
    Path draft =
        Files.createTempFile(file.resolveSibling(""), ".", ".tmp", permissions("rw-------"));
    try {
      Files.write(draft, bytes);
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      grown = true;
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static boolean isTouched(Path file, byte[] bytes) throws IOException {
    try {
      boolean hasText =
          Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
              && Files.size(file) == bytes.length
              && Arrays.equals(Files.readAllBytes(file), bytes);
      if (hasText) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      }
      return hasText;
    } catch (NoSuchFileException e) {
      // Another process deleted it as one of the oldest.
      return false;
    }
  }

  private record Found(Path file, FileTime time, long bytes) {}

  /** Deletes the oldest files where there are too many, or they are too large together. */
  void prune() throws IOException {
    if (grown) {
      prune(tasks());
      prune(layers());
    }
  }

  private void prune(Path folder) throws IOException {
    List<Found> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
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

  /** A file of a folder; empty for what is none, or was deleted meanwhile by another process. */
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
