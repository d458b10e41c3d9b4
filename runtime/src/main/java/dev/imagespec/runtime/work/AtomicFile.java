package dev.imagespec.runtime.work;

import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files so that a reader never sees half of one, even if the process is killed. */
public final class AtomicFile {
  /** How many links may follow each other, as in Linux. */
  private static final int MOST_LINKS = 40;

  private AtomicFile() {}

  /**
   * Writes the text as UTF-8. Creates the file's folder if it is missing.
   *
   * @throws ImageSpecException with {@link FailureCode#LOCAL_IO} if it cannot be written; the old
   *     file is then unchanged
   */
  public static void write(Path file, String text) {
    Path draft = null;
    try {
      Path target = target(file);
      Path folder = target.resolveSibling("");
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        throw new NotDirectoryException(folder.toString());
      }
      Files.createDirectories(folder);
      // Other registrations, in this process or another, may write the same file now, whose name
      // may be as long as names can be.
      draft = folder.resolve(".imagespec-" + UUID.randomUUID() + ".tmp");
      try (FileChannel channel =
          FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      move(draft, target);
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.LOCAL_IO,
          file + " cannot be written: " + IoReason.of(e, draft == null ? file : draft) + ".",
          e);
    } finally {
      delete(draft);
    }
  }

  /**
   * Checks, before there is anything to write, that a file can stand there.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if a folder or a device does
   */
  public static void require(Path file) {
    try {
      Path unused = target(file);
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          file + " cannot be written: " + IoReason.of(e, file) + ". Name another file.",
          e);
    }
  }

  /**
   * The file that is replaced in truth, through links to it and to its folders, so that two paths
   * can be compared. Nothing has to be there yet.
   */
  public static Path real(Path file) {
    Path target = file.toAbsolutePath();
    try {
      target = target(file);
      Path there = target;
      while (there.getParent() != null && !Files.exists(there)) {
        there = there.getParent();
      }
      return there.toRealPath().resolve(there.relativize(target)).normalize();
    } catch (IOException e) {
      // What is wrong with it, whoever reads or writes it says.
      return target.normalize();
    }
  }

  /**
   * The file to replace. A link stays a link: what it points to is replaced, or made if it is not
   * there.
   *
   * @throws IOException if something else than a regular file is in its place. A move would replace
   *     that, too, even a device such as {@code /dev/null}, for all programs of the machine.
   */
  private static Path target(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MOST_LINKS) {
        throw new IOException("it is a link that leads to itself");
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new IOException("it is not a regular file");
    }
    return target;
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
      // Gone already if the move succeeded; if it failed, that failure is the one to report.
      draft.toFile().delete();
    }
  }
}
