package dev.imagespec.runtime.catalog;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Printable;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Task classes of others: in entries of the class path that are not the user's own. Their names are
 * known, so that a user can be told of them; what their manifests say is not read.
 */
final class ForeignTasks {
  private static final int MOST_SHOWN = 3;
  private static final int MOST_CHARACTERS = 200;

  /** Entries by task class. */
  private final Map<String, Path> entries;

  private ForeignTasks(Map<String, Path> entries) {
    this.entries = new TreeMap<>(entries);
  }

  /**
   * The foreign tasks on the class paths of some sources.
   *
   * @throws ImageSpecException if an entry cannot be read
   */
  static ForeignTasks of(List<TaskSource> sources) {
    Set<Path> own = new TreeSet<>();
    Set<Path> others = new LinkedHashSet<>();
    for (TaskSource source : sources) {
      for (TaskSource.Entry entry : source.classPath()) {
        (entry.kind().holdsTasks() ? own : others).add(entry.path());
      }
    }
    others.removeAll(own);
    Map<String, Path> entries = new TreeMap<>();
    for (Path path : others) {
      for (String task : tasks(path)) {
        entries.putIfAbsent(task, path);
      }
    }
    return new ForeignTasks(entries);
  }

  private static List<String> tasks(Path path) {
    try (EntryFiles files = EntryFiles.open(path)) {
      return files.manifests().stream()
          .map(
              name ->
                  name.substring(
                      Manifest.FOLDER.length(), name.length() - Manifest.FILE.length() - 1))
          .filter(ForeignTasks::isClassName)
          .toList();
    } catch (IOException e) {
      throw ManifestFinder.unreadable(path, e);
    }
  }

  /** Whether a text is worth showing: it comes from a stranger. */
  private static boolean isClassName(String text) {
    return text.codePoints().allMatch(c -> c == '.' || Character.isJavaIdentifierPart(c))
        && text.codePoints().noneMatch(Character::isIdentifierIgnorable);
  }

  /** A note for each entry that has tasks: which, and how to register them; one sentence each. */
  List<String> notes() {
    Map<Path, List<String>> byEntry = new LinkedHashMap<>();
    entries.forEach(
        (task, path) -> byEntry.computeIfAbsent(path, p -> new ArrayList<>()).add(task));
    List<String> notes = new ArrayList<>();
    byEntry.forEach(
        (path, tasks) ->
            notes.add(
                path
                    + " contains "
                    + shown(tasks)
                    + ", not registered since the jar is not known to be yours; to register them,"
                    + " add --task-jar "
                    + path));
    return notes;
  }

  private static String shown(List<String> tasks) {
    String more = tasks.size() > MOST_SHOWN ? " and " + (tasks.size() - MOST_SHOWN) + " more" : "";
    return (tasks.size() == 1 ? "the task " : "the tasks ")
        + String.join(
            ", ",
            tasks.stream()
                .limit(MOST_SHOWN)
                .map(task -> Printable.start(task, MOST_CHARACTERS))
                .toList())
        + more;
  }

  /** Which entry has a task, by its binary or canonical name; empty if none has. */
  Optional<Path> entry(String name) {
    return entries.entrySet().stream()
        .filter(
            entry -> entry.getKey().equals(name) || entry.getKey().replace('$', '.').equals(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The failure of a user who names a foreign task. */
  static ImageSpecException refused(String subject, Path path) {
    return new ImageSpecException(
        FailureCode.INVALID_SETTING,
        subject
            + " in "
            + path
            + ", and jars do not contain tasks unless you say so: whoever made the jar decides what"
            + " their images contain. If it is yours, or you trust it, add --task-jar "
            + path
            + " (imagespec.task-jars).");
  }
}
