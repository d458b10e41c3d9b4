package dev.imagespec.runtime.catalog;

import dev.imagespec.check.ManifestCheck;
import dev.imagespec.check.Problem;
import dev.imagespec.dockerfile.Dockerfile;
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
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the manifests on a class path. */
public final class ManifestFinder {
  private static final String CLASS = ".class";

  private final Map<String, FoundManifest> found = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();

  private ManifestFinder() {}

  /**
   * All manifests on a class path, by task class. If two entries have a manifest for the same
   * class, the first entry wins, as it does for the class.
   *
   * @throws ImageSpecException if an entry or a manifest cannot be read, or a manifest breaks a
   *     rule that the compiler checks
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
   * A note if the Dockerfile found next to a manifest does not match it. The Dockerfile is for
   * people; engines always build what is rendered from the manifest.
   */
  private static List<String> differences(Manifest manifest, String dockerfile, String origin) {
    return Dockerfile.of(manifest).equals(dockerfile)
        ? List.of()
        : List.of(
            origin.replaceFirst(Pattern.quote(Manifest.FILE) + "$", Dockerfile.FILE)
                + " is not the Dockerfile of "
                + manifest.task()
                + " and is not used: its manifest says what is built; compile afresh");
  }

  /**
   * The task annotations that a manifest was written for and that the class file no longer has. If
   * an annotation or a class is removed, the compiler leaves the manifest behind unless the build
   * tool deletes it.
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

  /** The manifests that were found, sorted by task class. */
  public Collection<FoundManifest> manifests() {
    return found.values();
  }

  /** What was skipped, and why; one sentence each. */
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
        add(
            Files.readString(manifest),
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
        add(
            text(jar, entry),
            file + "!/" + entry.getName(),
            name -> {
              JarEntry other = jar.getJarEntry(name);
              return other == null ? Optional.empty() : Optional.of(bytes(jar, other));
            });
      }
    }
  }

  /** The files of a class path entry, by name. */
  private interface Entry {
    Optional<byte[]> read(String name) throws IOException;
  }

  private void add(String json, String origin, Entry entry) throws IOException {
    Manifest manifest = parse(json, origin);
    String task = manifest.task();
    if (!origin.endsWith(manifest.resourceName())) {
      throw twoForOne(origin, "manifest", task);
    }
    Optional<byte[]> bytes = entry.read(task.replace('.', '/') + CLASS);
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
      found.put(task, found(manifest, origin, entry));
    }
  }

  /** Rejects what the compiler would reject, since a manifest may have been edited by hand. */
  private static FoundManifest found(Manifest manifest, String origin, Entry entry)
      throws IOException {
    List<Problem> problems = ManifestCheck.problems(manifest);
    if (!problems.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_MANIFEST,
          origin
              + ": the manifest of "
              + manifest.task()
              + " asks for what cannot work:\n"
              + String.join("\n", problems.stream().map(Problem::text).toList())
              + "\nCompile the class again with the imagespec-processor of this release.");
    }
    List<String> differences =
        entry.read(Manifest.resourceFolder(manifest.task()) + Dockerfile.FILE).stream()
            .map(text -> new String(text, StandardCharsets.UTF_8))
            .flatMap(text -> differences(manifest, text, origin).stream())
            .toList();
    return new FoundManifest(manifest, differences);
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
      throw invalid(origin, e);
    }
  }

  private static ImageSpecException invalid(String origin, IllegalArgumentException e) {
    return new ImageSpecException(
        FailureCode.INVALID_MANIFEST, origin + ": " + e.getMessage() + ". Compile afresh.", e);
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
