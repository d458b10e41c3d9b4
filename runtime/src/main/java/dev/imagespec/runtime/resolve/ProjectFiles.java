package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Digest;
import dev.imagespec.model.FileSelection;
import dev.imagespec.model.ImagePath;
import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.memory.FileFact;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.work.FileName;
import dev.imagespec.runtime.work.Once;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files for layers: each file once per registration, however many tasks use it, and each
 * folder in the same order on every machine.
 */
final class ProjectFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ProjectFiles.class);

  /** Asked once: to ask each file's own store is to read the list of what is mounted each time. */
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /** After how long a user is told what is read, in nanoseconds. */
  private static final long LONG = 1_000_000_000;

  private final Once<Path, Content.OfFile> read = new Once<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final Set<Path> written;
  private final MachineMemory memory;
  private final LongSupplier nanoTime;
  private final Consumer<String> warnings;

  ProjectFiles() {
    this(Set.of(), MachineMemory.none());
  }

  /**
   * Files among which a registration writes its own.
   *
   * @param written those: the lock, the record
   * @param memory knows files of earlier registrations, and learns new ones
   */
  ProjectFiles(Set<Path> written, MachineMemory memory) {
    this(written, memory, System::nanoTime, LOG::warn);
  }

  /** Files with another clock than this machine's, for tests. */
  ProjectFiles(LongSupplier nanoTime, Consumer<String> warnings) {
    this(Set.of(), MachineMemory.none(), nanoTime, warnings);
  }

  private ProjectFiles(
      Set<Path> written, MachineMemory memory, LongSupplier nanoTime, Consumer<String> warnings) {
    this.written = Set.copyOf(written);
    this.memory = memory;
    this.nanoTime = nanoTime;
    this.warnings = warnings;
  }

  /**
   * Whether a registration writes a file itself. In an image it would make the next registration
   * another one.
   */
  boolean isWritten(Path file) {
    return written.stream()
        .filter(own -> Objects.equals(own.getFileName(), file.getFileName()))
        .anyMatch(own -> isSame(own, file));
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      // One of them is not there: then they are not the same.
      return false;
    }
  }

  /** Receives what is in a folder. */
  interface Visitor {
    /**
     * Receives a file or a folder.
     *
     * @param name its path relative to the folder, with {@code /} as separator
     * @param path where it is
     * @param real where it is when links are followed
     */
    void visit(String name, Path path, Path real);
  }

  /** The entry for one file. */
  LayerEntry file(Path file, String target) {
    return new LayerEntry(checked(target), modeOf(file), content(file));
  }

  /** A file's content; follows links. */
  Content.OfFile content(Path file) {
    Path path = file.toAbsolutePath().normalize();
    return read.get(path, () -> hash(path));
  }

  /**
   * Walks a folder.
   *
   * @param within a folder that links must not lead out of
   * @param visitor receives each file and folder below
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if something cannot be read,
   *     leads out, or has a name that is not UTF-8
   */
  void walk(Path folder, Path within, Visitor visitor) {
    walk(folder, within, FileSelection.ALL, visitor);
  }

  /**
   * Walks what is selected in a folder. Does not look at anything else: not into folders that have
   * no selected file, and not to where a link leads that is not selected.
   *
   * @param selected chooses by names relative to the folder
   */
  void walk(Path folder, Path within, FileSelection selected, Visitor visitor) {
    try {
      Path top = within.toRealPath();
      Patience patience = new Patience(folder);
      walk(
          folder,
          contained(folder, top),
          top,
          selected,
          (name, path, real) -> {
            patience.visit();
            visitor.visit(name, path, real);
          });
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /** Says once that a folder is large, so that nobody waits for a mistyped one without knowing. */
  private final class Patience {
    private final Path folder;
    private final long start = nanoTime.getAsLong();
    private int visited;
    private boolean told;

    Patience(Path folder) {
      this.folder = folder;
    }

    void visit() {
      visited++;
      if (!told && nanoTime.getAsLong() - start > LONG) {
        told = true;
        warnings.accept(
            "reading "
                + folder
                + " takes a while, "
                + visited
                + " files and folders so far; if it is not the one that you mean, correct"
                + " --classpath or the spec's copy");
      }
    }
  }

  /** A folder on the way, with what is left to visit in it. */
  private record Level(Path real, String prefix, Iterator<Map.Entry<String, Path>> rest) {}

  /** Without recursion: folders may be nested more deeply than a stack is. */
  private static void walk(
      Path folder, Path real, Path within, FileSelection selected, Visitor visitor)
      throws IOException {
    Set<Path> above = new HashSet<>(Set.of(real));
    Deque<Level> levels =
        new ArrayDeque<>(List.of(new Level(real, "", children(folder).entrySet().iterator())));
    while (!levels.isEmpty()) {
      Level level = levels.element();
      if (!level.rest().hasNext()) {
        above.remove(levels.pop().real());
        continue;
      }
      Map.Entry<String, Path> child = level.rest().next();
      Path path = child.getValue();
      String name = level.prefix() + child.getKey();
      boolean isFolder = Files.isDirectory(path);
      if (isFolder ? !selected.mayTakeBelow(name) : !selected.takes(name)) {
        continue;
      }
      // Asked of the system for links only: it looks at each folder above, for each file anew.
      Path childReal =
          Files.isSymbolicLink(path)
              ? contained(path, within)
              : level.real().resolve(path.getFileName());
      visitor.visit(name, path, childReal);
      if (isFolder) {
        if (!above.add(childReal)) {
          throw new ImageSpecException(
              FailureCode.INVALID_FILE,
              path
                  + " is a link to a folder that it stands in; nothing can be copied from a loop.");
        }
        levels.push(new Level(childReal, name + "/", children(path).entrySet().iterator()));
      }
    }
  }

  /** Sorted by UTF-16 code units, so that the order does not depend on the file system. */
  static Map<String, Path> children(Path folder) {
    Map<String, Path> children = new TreeMap<>();
    try (DirectoryStream<Path> list = Files.newDirectoryStream(folder)) {
      for (Path child : list) {
        children.put(FileName.of(child), child);
      }
    } catch (DirectoryIteratorException e) {
      throw unreadable(folder, new IOException(IoReason.of(e), e));
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    return children;
  }

  /** Where a link points, as it is written. */
  static String linkTarget(Path link) {
    try {
      return FileName.checked(Files.readSymbolicLink(link).toString().replace(File.separator, "/"));
    } catch (IOException e) {
      throw unreadable(link, e);
    }
  }

  /** Whether a folder has no content. */
  static boolean isEmpty(Path folder) {
    try (DirectoryStream<Path> list = Files.newDirectoryStream(folder)) {
      return !list.iterator().hasNext();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /** The real path of a folder. */
  static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /** The path of what is in a folder, relative to it, with {@code /} as separator. */
  static String relative(Path folder, Path path) {
    return folder.relativize(path).toString().replace(File.separator, "/");
  }

  /** The real path, which must be below {@code within}. */
  static Path contained(Path path, Path within) {
    try {
      Path real = path.toRealPath();
      if (!real.startsWith(within)) {
        throw new ImageSpecException(
            FailureCode.INVALID_FILE,
            path + " leads out of " + within + " through a link; copy what it points to instead.");
      }
      return real;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** {@code 755} where the owner may execute the file, else {@code 644}. */
  static String modeOf(Path file) {
    try {
      boolean executable =
          POSIX && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_EXECUTE);
      return executable ? LayerEntry.EXECUTABLE : LayerEntry.PLAIN;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The path, unless it names a whiteout or the root folder, which is rejected. */
  static String checked(String target) {
    if (target.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE, "a file cannot take the place of /; name it below.");
    }
    if (ImagePath.deletesFiles(target)) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          target
              + ": a name that starts with .wh. deletes files of the base image; rename the file.");
    }
    return FileName.checked(target);
  }

  private Content.OfFile hash(Path file) {
    try {
      Path real = file.toRealPath();
      if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
        throw new ImageSpecException(
            FailureCode.INVALID_FILE,
            file + " is neither a file nor a folder; only those can be put into an image.");
      }
      Sum sum = memory.about(real, Sum.FACT, () -> read(real));
      return new Content.OfFile(real, sum.digest(), sum.bytes());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private Sum read(Path file) throws IOException {
    reads.incrementAndGet();
    MessageDigest sha256 = Digest.sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      long bytes = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha256.update(buffer, 0, n);
        bytes += n;
      }
      return new Sum(Digest.ofHash(sha256.digest()), bytes);
    }
  }

  /** How many files, jars and entries of archives were opened to be read. */
  int reads() {
    return reads.get();
  }

  /** Whether a jar has an entry. */
  boolean hasEntry(Path jar, String name) throws IOException {
    return memory.about(
        jar.toRealPath(),
        FileFact.ofFlag("has " + name),
        () -> {
          reads.incrementAndGet();
          try (ZipFile file = new ZipFile(jar.toFile())) {
            return file.getEntry(name) != null;
          }
        });
  }

  /** The content of an archive's entry. */
  Content.OfEntry content(ApplicationArchive archive, String path) {
    try {
      Sum sum =
          memory.about(
              archive.file(),
              Sum.of(path),
              () -> {
                reads.incrementAndGet();
                return archive.sum(path);
              });
      return new Content.OfEntry(archive.file(), path, sum.digest(), sum.bytes());
    } catch (IOException e) {
      throw unreadable(archive.file(), e);
    }
  }

  private static ImageSpecException unreadable(Path file, IOException e) {
    boolean isMissing = e instanceof NoSuchFileException && !Files.exists(file);
    String why = isMissing ? "does not exist" : "cannot be read: " + IoReason.of(e, file);
    return new ImageSpecException(FailureCode.INVALID_FILE, file + " " + why + ".", e);
  }
}
