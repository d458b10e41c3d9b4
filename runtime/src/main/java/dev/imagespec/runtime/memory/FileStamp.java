package dev.imagespec.runtime.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the file system says of a file. As long as that is the same, the content is: whoever writes
 * to a file may set back its time of modification, but not that of its change ({@code ctime}).
 *
 * @param text size, times in nanoseconds, inode and device
 * @param latest the later of the times
 */
record FileStamp(String text, Instant latest) {
  /** Clocks of file systems are coarse: a file may change twice at what is one time for them. */
  private static final Duration COARSE = Duration.ofSeconds(2);

  /** The stamp of a file, links followed; empty for what is none, or has no such times. */
  static Optional<FileStamp> of(Path file) throws IOException {
    Map<String, Object> attributes;
    try {
      attributes =
          Files.readAttributes(file, "unix:isRegularFile,size,lastModifiedTime,ctime,ino,dev");
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      // A file system that does not tell when a file changed: its files are read each time.
      return Optional.empty();
    }
    if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))
        || !(attributes.get("lastModifiedTime") instanceof FileTime modified)
        || !(attributes.get("ctime") instanceof FileTime changed)) {
      return Optional.empty();
    }
    String text =
        attributes.get("size")
            + ","
            + text(modified)
            + ","
            + text(changed)
            + ","
            + attributes.get("ino")
            + ","
            + attributes.get("dev");
    return Optional.of(
        new FileStamp(
            text, modified.compareTo(changed) > 0 ? modified.toInstant() : changed.toInstant()));
  }

  private static String text(FileTime time) {
    Instant instant = time.toInstant();
    return instant.getEpochSecond() + "." + instant.getNano();
  }

  /** Whether every later change of the file gives another stamp. */
  boolean isSettled(Instant now) {
    return latest.plus(COARSE).isBefore(now);
  }
}
