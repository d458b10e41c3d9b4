package dev.imagespec.runtime.catalog;

import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.FileName;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The files of a class path entry, a folder or a jar. No file is read beyond a limit. */
abstract class EntryFiles implements Closeable {
  static final String CLASS = ".class";

  /** How large a class file may be, in bytes: its constants alone may take this. */
  private static final int MOST_CLASS = 64 << 20;

  private final Path path;

  private EntryFiles(Path path) {
    this.path = path;
  }

  /**
   * Opens a class path entry.
   *
   * @throws IOException if it is no folder and no jar
   */
  static EntryFiles open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return new Folder(path);
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      // To open a pipe would be to wait for whoever writes to it.
      throw new FileSystemException(path.toString(), null, "it is neither a folder nor a jar");
    }
    return new Jar(path);
  }

  /** The resource names of the manifests, sorted; nothing is read for them. */
  abstract List<String> manifests() throws IOException;

  /** The resource names of all class files, sorted. */
  abstract List<String> classes() throws IOException;

  /** Opens a file by its resource name; empty if there is none. */
  abstract Optional<InputStream> in(String name) throws IOException;

  /** Where a file is, for messages. */
  abstract String origin(String name);

  /**
   * Reads a file.
   *
   * @param name its resource name
   * @param most how many bytes it may have
   * @return its content; empty if there is no such file
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if it is larger
   */
  final Optional<byte[]> read(String name, int most) throws IOException {
    Optional<InputStream> opened = in(name);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = opened.get()) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new ImageSpecException(
            FailureCode.INVALID_FILE,
            origin(name)
                + " is larger than "
                + most
                + " bytes, which no compiler writes. Compile afresh.");
      }
      return Optional.of(bytes);
    }
  }

  /** Whether there is a class of this binary name, for some release of Java. */
  abstract boolean hasClass(String name);

  /**
   * Reads a class file.
   *
   * @param name the class's binary name
   * @return its content; empty if there is no such class
   */
  final Optional<byte[]> readClass(String name) throws IOException {
    return read(name.replace('.', '/') + CLASS, MOST_CLASS);
  }

  /** The jar; empty for a folder. */
  abstract Optional<Path> jar();

  final Path path() {
    return path;
  }

  private static final class Folder extends EntryFiles {
    Folder(Path path) {
      super(path);
    }

    @Override
    List<String> manifests() throws IOException {
      Path root = path().resolve(Manifest.FOLDER);
      if (!Files.isDirectory(root)) {
        return List.of();
      }
      try (Stream<Path> list = Files.list(root)) {
        return list.map(task -> Manifest.resourceFolder(FileName.of(task)))
            .map(folder -> folder + Manifest.FILE)
            .filter(name -> Files.isRegularFile(path().resolve(name)))
            .sorted()
            .toList();
      }
    }

    @Override
    List<String> classes() throws IOException {
      try (Stream<Path> tree = Files.walk(path())) {
        return tree.filter(file -> file.toString().endsWith(CLASS))
            .filter(Files::isRegularFile)
            .map(file -> path().relativize(file).toString().replace(File.separator, "/"))
            .sorted()
            .toList();
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    @Override
    boolean hasClass(String name) {
      return Files.isRegularFile(path().resolve(name.replace('.', '/') + CLASS));
    }

    @Override
    Optional<InputStream> in(String name) throws IOException {
      Path file = path().resolve(name);
      return Files.isRegularFile(file) ? Optional.of(Files.newInputStream(file)) : Optional.empty();
    }

    @Override
    String origin(String name) {
      return path().resolve(name).toString();
    }

    @Override
    Optional<Path> jar() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  private static final class Jar extends EntryFiles {
    private static final String VERSIONS = "META-INF/versions/";
    private static final int FIRST_VERSION = 9;

    /** Not a {@code JarFile}, which reads the whole manifest for each entry that is asked for. */
    private final ZipFile jar;

    /** The folders of a multi-release jar's versions, with a slash at their ends. */
    private final List<String> versions;

    Jar(Path path) throws IOException {
      super(path);
      jar = new ZipFile(path.toFile());
      versions =
          IntStream.rangeClosed(FIRST_VERSION, Runtime.version().feature())
              .mapToObj(release -> VERSIONS + release + "/")
              .filter(folder -> jar.getEntry(folder) != null)
              .toList();
    }

    @Override
    List<String> manifests() {
      return jar.stream()
          .map(ZipEntry::getName)
          .filter(Jar::isManifest)
          .distinct()
          .sorted()
          .toList();
    }

    @Override
    List<String> classes() {
      return jar.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(CLASS))
          .distinct()
          .sorted()
          .toList();
    }

    /** Whether it is the manifest of some task: no empty name is between folder and file. */
    private static boolean isManifest(String name) {
      return name.startsWith(Manifest.FOLDER)
          && name.substring(Manifest.FOLDER.length()).endsWith("/" + Manifest.FILE)
          && name.charAt(Manifest.FOLDER.length()) != '/';
    }

    @Override
    boolean hasClass(String name) {
      String file = name.replace('.', '/') + CLASS;
      return jar.getEntry(file) != null
          || versions.stream().anyMatch(release -> jar.getEntry(release + file) != null);
    }

    @Override
    Optional<InputStream> in(String name) throws IOException {
      ZipEntry entry = jar.getEntry(name);
      return entry == null ? Optional.empty() : Optional.of(jar.getInputStream(entry));
    }

    @Override
    String origin(String name) {
      return path() + "!/" + name;
    }

    @Override
    Optional<Path> jar() {
      return Optional.of(path());
    }

    @Override
    public void close() throws IOException {
      jar.close();
    }
  }
}
