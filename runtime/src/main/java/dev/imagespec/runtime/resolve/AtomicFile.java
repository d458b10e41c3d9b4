package dev.imagespec.runtime.resolve;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a file so that a reader, or a run that is killed, never sees half of it. */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Writes the text as UTF-8, making the file's folder where it is missing.
   *
   * @throws ImageSpecException with {@link FailureCode#LOCAL_IO} if it cannot be written; what
   *     stood there before is still there
   */
  public static void write(Path file, String text) {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    Path draft = null;
    try {
      if (folder == null) {
        throw new IOException("it is the root of the file system");
      }
      Files.createDirectories(folder);
      draft =
          folder.resolve("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
      try (FileChannel channel =
          FileChannel.open(
              draft,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      move(draft, target);
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.LOCAL_IO, file + " cannot be written: " + e.getMessage() + ".", e);
    } finally {
      delete(draft);
    }
  }

  private static void move(Path draft, Path target) throws IOException {
    try {
      Files.move(
          draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void delete(@org.jspecify.annotations.Nullable Path draft) {
    if (draft != null) {
      // Gone already where the move succeeded; where it did not, its own failure is what is
      // reported.
      draft.toFile().delete();
    }
  }
}
