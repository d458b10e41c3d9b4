package dev.imagespec.runtime.catalog;

import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Finds the manifests on a class path. */
public final class ManifestFinder {
  private static final String DOCKERFILE = "Dockerfile";

  private final Map<String, FoundManifest> found = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();

  private ManifestFinder() {}

  /**
   * All manifests on a class path, by task class. Where two entries have one for the same class,
   * the first one counts, as it does for the class.
   *
   * @throws ImageSpecException if an entry or a manifest cannot be read
   */
  public static ManifestFinder search(List<Path> classPath) {
    ManifestFinder finder = new ManifestFinder();
    for (Path entry : classPath) {
      try {
        if (Files.isDirectory(entry)) {
          finder.searchFolder(entry);
        } else {
          finder.searchJar(entry);
        }
      } catch (IOException e) {
        throw new ImageSpecException(
            FailureCode.INVALID_FILE,
            "The class path entry " + entry + " cannot be read: " + e.getMessage(),
            e);
      }
    }
    return finder;
  }

  /** The manifest of a task class as its own class loader has it. */
  public static Optional<FoundManifest> ofClass(Class<?> task) {
    ClassLoader loader = task.getClassLoader();
    Function<String, Optional<String>> read =
        name -> {
          String path = Manifest.resourceFolder(task.getName()) + name;
          try (InputStream in =
              loader == null
                  ? ClassLoader.getSystemResourceAsStream(path)
                  : loader.getResourceAsStream(path)) {
            return in == null
                ? Optional.empty()
                : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
          } catch (IOException e) {
            throw new ImageSpecException(
                FailureCode.INVALID_MANIFEST, path + " cannot be read: " + e.getMessage(), e);
          }
        };
    return read.apply(Manifest.FILE)
        .map(
            json ->
                new FoundManifest(
                    parse(json, "class path"), read.apply(DOCKERFILE).orElse(""), "class path"));
  }

  /** What was found, by task class. */
  public Collection<FoundManifest> manifests() {
    return found.values();
  }

  /** What was passed over, and why; a sentence each. */
  public List<String> notes() {
    return notes;
  }

  private void searchFolder(Path folder) throws IOException {
    Path root = folder.resolve(Manifest.FOLDER);
    if (!Files.isDirectory(root)) {
      return;
    }
    List<Path> tasks;
    try (Stream<Path> list = Files.list(root)) {
      tasks = list.filter(Files::isDirectory).sorted().toList();
    }
    for (Path task : tasks) {
      Path manifest = task.resolve(Manifest.FILE);
      if (Files.isRegularFile(manifest)) {
        Path dockerfile = task.resolve(DOCKERFILE);
        add(
            Files.readString(manifest),
            Files.isRegularFile(dockerfile) ? Files.readString(dockerfile) : "",
            manifest.toString(),
            name -> Files.isRegularFile(folder.resolve(name)));
      }
    }
  }

  private void searchJar(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      List<JarEntry> manifests =
          jar.stream()
              .filter(
                  entry ->
                      entry.getName().startsWith(Manifest.FOLDER)
                          && entry.getName().endsWith("/" + Manifest.FILE))
              .toList();
      for (JarEntry entry : manifests) {
        String folder = entry.getName().substring(0, entry.getName().lastIndexOf('/') + 1);
        JarEntry dockerfile = jar.getJarEntry(folder + DOCKERFILE);
        add(
            text(jar, entry),
            dockerfile == null ? "" : text(jar, dockerfile),
            file + "!/" + entry.getName(),
            name -> jar.getJarEntry(name) != null);
      }
    }
  }

  private void add(String json, String dockerfile, String origin, Predicate<String> has) {
    Manifest manifest = parse(json, origin);
    if (!has.test(manifest.task().replace('.', '/') + ".class")) {
      notes.add(
          origin + " is passed over: its class " + manifest.task() + " is gone; compile afresh");
      return;
    }
    found.putIfAbsent(manifest.task(), new FoundManifest(manifest, dockerfile, origin));
  }

  private static Manifest parse(String json, String origin) {
    try {
      return Manifest.parse(json);
    } catch (IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_MANIFEST, origin + ": " + e.getMessage() + ". Compile afresh.", e);
    }
  }

  private static String text(JarFile jar, JarEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
