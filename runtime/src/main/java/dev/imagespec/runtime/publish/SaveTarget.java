package dev.imagespec.runtime.publish;

import dev.imagespec.model.IoReason;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.compose.ImageContent;
import dev.imagespec.runtime.work.AtExit;
import dev.imagespec.runtime.work.FileTree;
import dev.imagespec.runtime.work.Workers;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file or folder that an image is saved to. It gets its name when it is complete; if saving
 * fails, or a signal ends this process, nothing is left of it.
 */
public final class SaveTarget {
  private static final String TAR = ".tar";

  /** How files end that people may expect. */
  private static final List<String> ARCHIVES =
      List.of(".tgz", ".gz", ".zip", ".xz", ".bz2", ".zst", ".oci");

  private static final Logger LOG = LoggerFactory.getLogger(SaveTarget.class);
  private static final int TRIES = 20;
  private static final long PAUSE_NANOS = 50_000_000;
  private static final int BUFFER = 1 << 16;
  private static final int FILE_MODE = 0100644;
  private static final int FOLDER_MODE = 040755;

  private final Path path;
  private final boolean isTar;
  private final Object beginning = new Object();
  private boolean ended;

  private SaveTarget(Path path) {
    this.path = path.toAbsolutePath().normalize();
    this.isTar = path.toString().toLowerCase(Locale.ROOT).endsWith(TAR);
  }

  /**
   * A place to save an image to: a tar if it ends with {@code .tar}, else a folder.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if it is a folder that is
   *     not empty, or something else than a file or a folder
   */
  public static SaveTarget of(Path path) {
    SaveTarget target = new SaveTarget(path);
    String why;
    try {
      why = target.problem();
    } catch (IOException e) {
      why = "cannot be written: " + IoReason.of(e, path);
    }
    if (!why.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          path
              + " "
              + why
              + "; name a file that ends with .tar, or an empty or new folder, with --to.");
    }
    return target;
  }

  private String problem() throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return isTar ? "" : misleading();
    }
    if (isTar) {
      return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? "" : "is not a regular file";
    }
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return "is not a folder";
    }
    try (Stream<Path> content = Files.list(path)) {
      return content.findAny().isEmpty() ? "" : "is not empty";
    }
  }

  /** Why nobody who gives this name means a folder. */
  private String misleading() {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    if (name.equals("-")) {
      return "does not stand for stdout";
    }
    return ARCHIVES.stream().anyMatch(name::endsWith)
        ? "would be a folder, since an image is saved as a plain tar alone"
        : "";
  }

  /** The file or folder. */
  public Path path() {
    return path;
  }

  /**
   * Writes an image. The same image gives the same bytes on every machine.
   *
   * @param scratch a new folder for parts of it
   * @param name the name that programs give it: {@code registry/name:tag}
   * @param tag the tag in that name
   * @param workers threads to fetch blobs with
   * @return the platform that {@code docker load} takes, if Docker keeps images in its own store
   * @throws ImageSpecException with {@link FailureCode#LOCAL_IO} if it cannot be written, or as a
   *     registry answers
   */
  public Platform write(
      Path scratch, ImageContent image, String name, String tag, Workers workers) {
    Path draft = path.resolveSibling(".imagespec-" + UUID.randomUUID() + ".tmp");
    Deque<Path> made = new ConcurrentLinkedDeque<>();
    AtExit atExit = AtExit.of("imagespec-save-end", () -> end(draft, made));
    try {
      // First, so that a place that cannot be written is found before anything is fetched.
      begin(draft, made);
      ImageLayout.write(scratch, image, name, tag, workers);
      if (isTar) {
        pack(scratch, draft);
      } else {
        move(scratch, draft);
      }
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
      return ImageLayout.loadable(image);
    } catch (IOException e) {
      undo(draft, made, e);
      throw new ImageSpecException(
          FailureCode.LOCAL_IO, path + " cannot be written: " + IoReason.withoutPath(e) + ".", e);
    } catch (RuntimeException e) {
      undo(draft, made, e);
      throw e;
    } finally {
      atExit.close();
    }
  }

  /** Makes the folders above, and then the draft, unless a signal ends this process already. */
  private void begin(Path draft, Deque<Path> made) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path at = path.getParent(); at != null && !Files.exists(at); at = at.getParent()) {
      missing.push(at);
    }
    synchronized (beginning) {
      if (ended) {
        throw new InterruptedIOException("the process ends");
      }
      for (Path each : missing) {
        if (FileTree.make(each)) {
          made.push(each);
        }
      }
      if (isTar) {
        Files.createFile(draft);
      } else {
        Files.createDirectory(draft);
      }
    }
  }

  /** Deletes the draft, and the folders that were made for it. */
  private static void undo(Path draft, Deque<Path> made, Exception why) {
    try {
      delete(draft, made);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private static void delete(Path draft, Deque<Path> made) throws IOException {
    if (Files.exists(draft, LinkOption.NOFOLLOW_LINKS)) {
      FileTree.delete(draft);
    }
    while (!made.isEmpty()) {
      Files.delete(made.peek());
      made.pop();
    }
  }

  /** Deletes the draft when a signal ends this process. Other threads may write for a moment. */
  private void end(Path draft, Deque<Path> made) {
    synchronized (beginning) {
      ended = true;
    }
    for (int left = TRIES; left > 0; left--) {
      try {
        if (Files.exists(draft, LinkOption.NOFOLLOW_LINKS)) {
          delete(draft, made);
        }
        // Else it has its name already, or never began.
        return;
      } catch (IOException e) {
        LOG.debug("{} is not deleted yet: {}", draft, e.toString());
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static void move(Path folder, Path to) throws IOException {
    for (Path each : content(folder)) {
      Path moved = to.resolve(folder.relativize(each).toString());
      if (Files.isDirectory(each)) {
        Files.createDirectory(moved);
      } else {
        Files.move(each, moved);
      }
    }
  }

  /** Writes a folder as a tar, in the order of its names, without times and owners. */
  private static void pack(Path folder, Path tar) throws IOException {
    try (OutputStream out =
            new BufferedOutputStream(Files.newOutputStream(tar, StandardOpenOption.WRITE), BUFFER);
        TarArchiveOutputStream archive = new TarArchiveOutputStream(out, "UTF-8")) {
      archive.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      for (Path each : content(folder)) {
        String name = folder.relativize(each).toString().replace('\\', '/');
        boolean isFolder = Files.isDirectory(each);
        TarArchiveEntry entry = new TarArchiveEntry(isFolder ? name + "/" : name);
        entry.setModTime(0);
        entry.setIds(0, 0);
        entry.setNames("", "");
        entry.setMode(isFolder ? FOLDER_MODE : FILE_MODE);
        entry.setSize(isFolder ? 0 : Files.size(each));
        archive.putArchiveEntry(entry);
        if (!isFolder) {
          Files.copy(each, archive);
        }
        archive.closeArchiveEntry();
      }
    }
  }

  private static List<Path> content(Path folder) throws IOException {
    List<Path> content = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      walk.filter(path -> !path.equals(folder)).forEach(content::add);
    }
    content.sort(null);
    return content;
  }
}
