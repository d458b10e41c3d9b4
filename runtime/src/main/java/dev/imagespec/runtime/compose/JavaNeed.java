package dev.imagespec.runtime.compose;

import dev.imagespec.model.ClassPathFolder;
import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskSource;
import dev.imagespec.runtime.resolve.ApplicationLayout;
import dev.imagespec.runtime.resolve.Content;
import dev.imagespec.runtime.resolve.Draft;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerEntry;
import dev.imagespec.runtime.resolve.OpenArchives;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A class, and the release of Java that it needs at least.
 *
 * @param name the class's binary name
 * @param java the release, such as 21
 */
record JavaNeed(String name, int java) {
  private static final int MAGIC = 0xCAFEBABE;
  private static final int HEADER = 8;

  /** Java 1.1, whose class files have version 45, counts as Java 1. */
  private static final int BEFORE_JAVA = 44;

  private static final int VERSION = 0xFFFF;
  private static final String SUFFIX = ".class";

  /**
   * What the newest class in a layer of classes needs; empty if the layer has no class file. Leaves
   * out what {@code java} does not load from a class path: modules' descriptors, and classes below
   * {@code META-INF} such as those for later releases.
   */
  static Optional<JavaNeed> newest(Layer classes) {
    Optional<JavaNeed> newest = Optional.empty();
    try (OpenArchives archives = new OpenArchives()) {
      for (LayerEntry entry : classes.entries()) {
        newest = newer(newest, of(classes, entry, archives));
      }
    }
    return newest;
  }

  private static Optional<JavaNeed> of(Layer layer, LayerEntry entry, OpenArchives archives) {
    String path =
        layer.isApplication()
            ? ApplicationLayout.inClasses(entry.path()).orElse("")
            : inFolder(entry.path());
    if (entry.content() instanceof Content.OfFile file) {
      return layer.isApplication()
          ? ofJar(layer, file.path())
          : of(path, file.path(), () -> Files.newInputStream(file.path()));
    }
    return entry.content() instanceof Content.OfEntry packed
        ? of(path, packed.archive(), () -> archives.open(packed))
        : Optional.empty();
  }

  /** What the newest class in a jar of the application's own needs. */
  private static Optional<JavaNeed> ofJar(Layer layer, Path file) {
    if (!layer.isOwnJars() || !file.toString().endsWith(".jar")) {
      return Optional.empty();
    }
    Optional<JavaNeed> newest = Optional.empty();
    try (ZipFile jar = new ZipFile(file.toFile())) {
      for (ZipEntry entry : jar.stream().<ZipEntry>map(one -> one).toList()) {
        newest = newer(newest, of(entry.getName(), file, () -> jar.getInputStream(entry)));
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return newest;
  }

  /** What the class to run needs; empty if it is in no jar of the class path. */
  static Optional<JavaNeed> ofMainInJar(Draft draft) {
    String main = draft.manifest().payload().mainClass();
    if (main.isEmpty()) {
      return Optional.empty();
    }
    String file = main.replace('.', '/') + SUFFIX;
    for (TaskSource.Entry entry : draft.origin().source().classPath()) {
      if (Files.isRegularFile(entry.path())) {
        try (ZipFile jar = new ZipFile(entry.path().toFile())) {
          ZipEntry found = jar.getEntry(file);
          if (found != null) {
            try (InputStream in = jar.getInputStream(found)) {
              return of(main, in);
            }
          }
        } catch (IOException e) {
          throw unreadable(entry.path(), e);
        }
      }
    }
    return Optional.empty();
  }

  /** Opens a file. */
  private interface Opening {
    InputStream open() throws IOException;
  }

  /**
   * What a class needs; empty if the file is none that is loaded.
   *
   * @param path its path in the class path
   * @param file the file that it is in
   */
  private static Optional<JavaNeed> of(String path, Path file, Opening content) {
    if (!path.endsWith(SUFFIX)
        || path.startsWith("META-INF/")
        || path.equals("module-info.class")) {
      return Optional.empty();
    }
    String name = path.substring(0, path.length() - SUFFIX.length()).replace('/', '.');
    try (InputStream in = content.open()) {
      return of(name, in);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The path in the folder of the class path that the file comes from. */
  private static String inFolder(String path) {
    String roots = ClassPathFolder.ROOT + "classes/";
    return path.substring(path.indexOf('/', roots.length()) + 1);
  }

  private static Optional<JavaNeed> of(String name, InputStream file) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(file.readNBytes(HEADER));
    return header.limit() == HEADER && header.getInt() == MAGIC
        ? Optional.of(new JavaNeed(name, (header.getInt() & VERSION) - BEFORE_JAVA))
        : Optional.empty();
  }

  /** The one that needs the newer Java; of equal ones the first by name. */
  static Optional<JavaNeed> newer(Optional<JavaNeed> one, Optional<JavaNeed> other) {
    return Stream.concat(one.stream(), other.stream())
        .max(
            Comparator.comparingInt(JavaNeed::java)
                .thenComparing(JavaNeed::name, Comparator.reverseOrder()));
  }

  private static ImageSpecException unreadable(Path file, IOException e) {
    return new ImageSpecException(
        FailureCode.FILE_CHANGED,
        file
            + " can no longer be read: "
            + IoReason.of(e, file)
            + ". It changed while it was being registered. Register again.",
        e);
  }
}
