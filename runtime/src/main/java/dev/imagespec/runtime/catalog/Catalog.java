package dev.imagespec.runtime.catalog;

import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The task classes of a registration, each with the manifest that the compiler wrote for it. */
public final class Catalog {
  private final Map<String, Task> tasks;
  private final List<String> notes;

  private Catalog(Map<String, Task> tasks, List<String> notes) {
    this.tasks = new TreeMap<>(tasks);
    this.notes = List.copyOf(notes);
  }

  /**
   * The task classes of these sources.
   *
   * @throws ImageSpecException if an entry or a manifest cannot be read, two sources have a task
   *     with the same name, or no source has a class that it is limited to
   */
  public static Catalog of(List<TaskSource> sources) {
    Map<String, Task> all = new TreeMap<>();
    List<String> notes = new ArrayList<>();
    for (TaskSource source : sources) {
      ManifestFinder finder =
          ManifestFinder.search(
              source.classPath().stream()
                  .filter(entry -> entry.kind().holdsTasks())
                  .map(TaskSource.Entry::path)
                  .toList());
      notes.addAll(finder.notes());
      for (FoundManifest found : finder.manifests()) {
        Task task = new Task(found.manifest(), source, found.notes());
        Task other = all.putIfAbsent(task.name(), task);
        if (other != null) {
          throw new ImageSpecException(
              FailureCode.INVALID_SETTING,
              task.name()
                  + " is a task of "
                  + other.source().name()
                  + " and of "
                  + source.name()
                  + ". Rename one of the two classes, or register the modules one by one.");
        }
      }
    }
    Catalog whole = new Catalog(all, notes);
    return whole.limited(sources);
  }

  /** The tasks that the sources are limited to, with those that their images are based on. */
  private Catalog limited(List<TaskSource> sources) {
    if (sources.stream().allMatch(source -> source.classes().isEmpty())) {
      return this;
    }
    List<String> names = new ArrayList<>();
    for (TaskSource source : sources) {
      if (source.classes().isEmpty()) {
        tasks.values().stream()
            .filter(task -> task.source().equals(source))
            .forEach(task -> names.add(task.name()));
      } else {
        names.addAll(source.classes());
      }
    }
    return only(names);
  }

  /**
   * This catalog, limited to these task classes and those that their images are based on.
   *
   * @param names binary or canonical names
   * @throws ImageSpecException if one is not in the catalog; the message lists the tasks that are
   */
  public Catalog only(Collection<String> names) {
    Map<String, Task> kept = new LinkedHashMap<>();
    for (String name : names) {
      Task at = task(name);
      while (at != null && kept.putIfAbsent(at.name(), at) == null) {
        at = tasks.get(at.manifest().baseSpec());
      }
    }
    return new Catalog(kept, notes);
  }

  /**
   * A task.
   *
   * @param name its class's binary or canonical name
   * @throws ImageSpecException if it is not in the catalog; the message lists the tasks that are
   */
  public Task task(String name) {
    Task exact = tasks.get(name);
    return exact != null
        ? exact
        : tasks.values().stream()
            .filter(task -> task.name().replace('$', '.').equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.INVALID_SETTING,
                        "There is no manifest of "
                            + name
                            + ": is it annotated with @ImageSpec, and was it compiled with"
                            + " imagespec-processor on the annotation processor path? On the class path"
                            + " are: "
                            + tasks.keySet()
                            + String.join("", notes.stream().map(note -> ". " + note).toList())));
  }

  /** The tasks, sorted by class name. */
  public List<Task> tasks() {
    return List.copyOf(tasks.values());
  }

  /** Binary names of the task classes, sorted. */
  public List<String> names() {
    return List.copyOf(tasks.keySet());
  }

  /** The manifests, sorted by task class. */
  public List<Manifest> manifests() {
    return tasks.values().stream().map(Task::manifest).toList();
  }

  /**
   * Notes for people: manifests that the search skipped, and what is odd about the tasks of this
   * catalog. One sentence each.
   */
  public List<String> notes() {
    List<String> all = new ArrayList<>(notes);
    tasks.values().forEach(task -> all.addAll(task.notes()));
    return List.copyOf(all);
  }
}
