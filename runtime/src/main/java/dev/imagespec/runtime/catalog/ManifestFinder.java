package dev.imagespec.runtime.catalog;

import dev.imagespec.check.ManifestCheck;
import dev.imagespec.check.Problem;
import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Printable;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Finds the manifests on a class path. */
public final class ManifestFinder {
  /** How large a manifest or a Dockerfile may be, in bytes. */
  private static final int MOST_TEXT = 4 << 20;

  /** How many of a manifest's problems are shown: it may have hundreds of thousands. */
  private static final int MOST_PROBLEMS = 20;

  /** How much is said of a manifest that cannot be parsed, which may quote it. */
  private static final int MOST_CHARACTERS = 1000;

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
      try (EntryFiles files = EntryFiles.open(entry)) {
        for (String name : files.manifests()) {
          finder.add(name, files);
        }
      } catch (IOException e) {
        throw unreadable(entry, e);
      }
    }
    return finder;
  }

  static ImageSpecException unreadable(Path entry, IOException e) {
    return new ImageSpecException(
        FailureCode.INVALID_FILE,
        "The class path entry " + entry + " cannot be read: " + IoReason.of(e, entry) + ".",
        e);
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

  private void add(String name, EntryFiles files) throws IOException {
    String origin = files.origin(name);
    Manifest manifest = parse(text(files.read(name, MOST_TEXT).orElseThrow()), origin);
    String task = manifest.task();
    if (!name.equals(manifest.resourceName())) {
      throw twoForOne(origin, "manifest", task);
    }
    Optional<byte[]> bytes = files.readClass(task);
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
      found.put(task, found(manifest, origin, files));
    }
  }

  /** Rejects what the compiler would reject, since a manifest may have been edited by hand. */
  private static FoundManifest found(Manifest manifest, String origin, EntryFiles files)
      throws IOException {
    List<Problem> problems = ManifestCheck.problems(manifest);
    if (!problems.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_MANIFEST,
          origin
              + ": the manifest of "
              + manifest.task()
              + " asks for what cannot work:\n"
              + String.join(
                  "\n", problems.stream().limit(MOST_PROBLEMS).map(Problem::text).toList())
              + (problems.size() > MOST_PROBLEMS
                  ? "\nand " + (problems.size() - MOST_PROBLEMS) + " more"
                  : "")
              + "\nCompile the class again with the imagespec-processor of this release.");
    }
    List<String> notes =
        files.read(Manifest.resourceFolder(manifest.task()) + Dockerfile.FILE, MOST_TEXT).stream()
            .flatMap(bytes -> differences(manifest, text(bytes), origin).stream())
            .toList();
    return new FoundManifest(manifest, files.jar(), notes);
  }

  private static ImageSpecException twoForOne(String origin, String what, String task) {
    return new ImageSpecException(
        FailureCode.INVALID_MANIFEST,
        origin
            + " belongs to the "
            + what
            + " "
            + Printable.value(Printable.start(task, MOST_CHARACTERS))
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
        FailureCode.INVALID_MANIFEST,
        origin
            + ": "
            + Printable.value(Printable.start(String.valueOf(e.getMessage()), MOST_CHARACTERS))
            + ". Compile afresh.",
        e);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
