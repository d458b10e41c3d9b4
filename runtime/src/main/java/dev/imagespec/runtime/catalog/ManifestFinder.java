package dev.imagespec.runtime.catalog;

import dev.imagespec.check.ManifestCheck;
import dev.imagespec.check.Problem;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Finds the manifests on a class path. */
public final class ManifestFinder {
  private static final String DOCKERFILE = "Dockerfile";
  private static final String CLASS = ".class";

  private final Map<String, FoundManifest> found = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();

  private ManifestFinder() {}

  /**
   * All manifests on a class path, by task class. Where two entries have one for the same class,
   * the first one counts, as it does for the class.
   *
   * @throws ImageSpecException if an entry or a manifest cannot be read, or the compiler would have
   *     refused a manifest
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

  /**
   * The manifest of a task class as its own class loader has it.
   *
   * @throws ImageSpecException if it cannot be read, or the compiler would have refused it
   */
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
    String origin = Manifest.resourceFolder(task.getName()) + Manifest.FILE + " on the class path";
    return read.apply(Manifest.FILE)
        .map(
            json ->
                new FoundManifest(parse(json, origin), read.apply(DOCKERFILE).orElse(""), origin))
        .filter(found -> isCurrent(found.manifest(), task))
        .map(ManifestFinder::checked);
  }

  private static boolean isCurrent(Manifest manifest, Class<?> task) {
    String file = task.getName().substring(task.getName().lastIndexOf('.') + 1) + CLASS;
    try (InputStream in = task.getResourceAsStream(file)) {
      // A class that was made at run time has no file.
      return in == null || missing(manifest, in.readAllBytes()).isEmpty();
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "The class file of " + task.getName() + " cannot be read: " + e.getMessage(),
          e);
    }
  }

  /**
   * The annotations through which a class was a task when its manifest was written, and which its
   * class file does not have. A compiler leaves manifests behind where the annotation was taken
   * away, or the class was deleted, unless a build tool cleans up after it.
   */
  private static Set<String> missing(Manifest manifest, byte[] classFile) {
    Set<String> missing = new TreeSet<>();
    ClassFile.parse(classFile)
        .ifPresent(
            file -> {
              missing.addAll(manifest.annotations());
              missing.removeAll(file.annotations());
            });
    return missing;
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
            name -> {
              Path file = folder.resolve(name);
              return Files.isRegularFile(file)
                  ? Optional.of(Files.readAllBytes(file))
                  : Optional.empty();
            });
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
            name -> {
              JarEntry classFile = jar.getJarEntry(name);
              return classFile == null ? Optional.empty() : Optional.of(bytes(jar, classFile));
            });
      }
    }
  }

  private interface ClassFiles {
    Optional<byte[]> read(String name) throws IOException;
  }

  private void add(String json, String dockerfile, String origin, ClassFiles classes)
      throws IOException {
    Manifest manifest = parse(json, origin);
    String task = manifest.task();
    if (!origin.endsWith(manifest.resourceName())) {
      throw twoForOne(origin, "manifest", task);
    }
    Optional<byte[]> bytes = classes.read(task.replace('.', '/') + CLASS);
    if (bytes.isEmpty()) {
      notes.add(origin + " is passed over: its class " + task + " is gone; compile afresh");
      return;
    }
    Optional<ClassFile> file = ClassFile.parse(bytes.get());
    if (file.isPresent() && !file.get().name().equals(task)) {
      throw twoForOne(origin, "class of that name in another case", file.get().name());
    }
    Set<String> missing = missing(manifest, bytes.get());
    if (!missing.isEmpty()) {
      notes.add(
          origin
              + " is passed over: its class "
              + task
              + " no longer carries @"
              + String.join(", @", missing)
              + "; compile afresh");
      return;
    }
    if (!found.containsKey(task)) {
      found.put(task, checked(new FoundManifest(manifest, dockerfile, origin)));
    }
  }

  /** Refuses what the compiler refuses: a manifest may come from anybody's hand. */
  private static FoundManifest checked(FoundManifest found) {
    List<Problem> problems = ManifestCheck.problems(found.manifest());
    if (!problems.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_MANIFEST,
          found.origin()
              + ": the manifest of "
              + found.manifest().task()
              + " asks for what cannot work:\n"
              + String.join("\n", problems.stream().map(Problem::text).toList())
              + "\nCompile the class again with the imagespec-processor of this release.");
    }
    return found;
  }

  private static ImageSpecException twoForOne(String origin, String what, String task) {
    return new ImageSpecException(
        FailureCode.INVALID_MANIFEST,
        origin
            + " belongs to the "
            + what
            + " "
            + task
            + ". A file system that does not tell upper from lower case may have taken two classes for one:"
            + " rename one of them, and compile afresh.");
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
    return new String(bytes(jar, entry), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(JarFile jar, JarEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }
}
