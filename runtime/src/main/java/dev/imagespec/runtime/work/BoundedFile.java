package dev.imagespec.runtime.work;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads small files that others may have put there: never without end, never waiting. */
public final class BoundedFile {
  private BoundedFile() {}

  /**
   * Reads a regular file, through links.
   *
   * @param most how many bytes it may have
   * @throws NoSuchFileException if it does not exist
   * @throws IOException if it cannot be read, is larger, or is a device, a pipe or a folder; the
   *     message says which
   */
  public static byte[] read(Path file, int most) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new FileSystemException(
          file.toString(),
          null,
          Files.isDirectory(file) ? "it is a folder" : "it is not a regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new FileSystemException(
            file.toString(), null, "it is larger than " + most + " bytes");
      }
      return bytes;
    }
  }
}
