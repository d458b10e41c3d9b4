package dev.imagespec.runtime.catalog;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Printable;
import dev.imagespec.model.Spelling;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The task classes of a registration, each with the manifest that the compiler wrote for it. */
public final class Catalog {
  private final Map<String, Task> tasks;
  private final List<String> notes;
  private final ForeignTasks foreign;

  /** The jars of tasks that are in one. */
  private final Map<String, Path> jars;

  private final EntryClasses classes;
  private final Set<String> unprocessed;

  /** The tasks that a limit has left out. */
  private final Set<String> leftOut;

  private Catalog(
      Map<String, Task> tasks,
      Map<String, Path> jars,
      List<String> notes,
      ForeignTasks foreign,
      EntryClasses classes,
      Set<String> unprocessed,
      Set<String> leftOut) {
    this.tasks = new TreeMap<>(tasks);
    this.jars = new TreeMap<>(jars);
    this.notes = notes.stream().map(Printable::value).toList();
    this.foreign = foreign;
    this.classes = classes;
    this.unprocessed = Set.copyOf(unprocessed);
    this.leftOut = Set.copyOf(leftOut);
  }

  /**
   * The task classes of these sources: those in entries that are the user's own. Adds the jars to
   * their class paths that other jars name in their manifests.
   *
   * @throws ImageSpecException if an entry or a manifest cannot be read, two sources have a task
   *     with the same name, or no source has a class that it is limited to
   */
  public static Catalog of(List<TaskSource> given) {
    Map<String, Task> all = new TreeMap<>();
    Map<String, Path> jars = new TreeMap<>();
    List<String> notes = new ArrayList<>();
    Set<FollowedClassPath.PassedOver> passedOver = new LinkedHashSet<>();
    ClassPathAttributes attributes = new ClassPathAttributes();
    List<TaskSource> sources =
        given.stream().map(source -> followed(source, attributes, passedOver)).toList();
    ClassPath.note(
            given.stream()
                .flatMap(source -> source.classPath().stream().map(TaskSource.Entry::path))
                .collect(Collectors.toCollection(LinkedHashSet::new)))
        .ifPresent(notes::add);
    FollowedClassPath.note(passedOver).ifPresent(notes::add);
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
        found.jar().ifPresent(jar -> jars.put(task.name(), jar));
        all.merge(task.name(), task, Catalog::chosen);
      }
    }
    ForeignTasks foreign = ForeignTasks.of(sources);
    notes.addAll(foreign.notes());
    EntryClasses classes = new EntryClasses();
    Set<String> unprocessed = UnprocessedTasks.of(sources, classes);
    if (all.isEmpty() && !unprocessed.isEmpty()) {
      throw UnprocessedTasks.refused(unprocessed);
    }
    if (!unprocessed.isEmpty()) {
      notes.add(UnprocessedTasks.explained(unprocessed));
    }
    Catalog limited =
        new Catalog(all, jars, notes, foreign, classes, unprocessed, Set.of()).limited(sources);
    limited.checkBases();
    return limited;
  }

  /**
   * A source without what is passed over, and with the jars that its jars name; they are
   * dependencies.
   */
  private static TaskSource followed(
      TaskSource source,
      ClassPathAttributes attributes,
      Set<FollowedClassPath.PassedOver> passedOver) {
    Map<Path, TaskSource.Entry> given = new LinkedHashMap<>();
    source.classPath().stream()
        .filter(entry -> ClassPath.passedOver(entry.path()).isEmpty())
        .forEach(entry -> given.putIfAbsent(entry.path(), entry));
    FollowedClassPath followed = FollowedClassPath.of(List.copyOf(given.keySet()), attributes);
    passedOver.addAll(followed.passedOver());
    return new TaskSource(
        source.name(),
        source.projectDir(),
        followed.entries().stream()
            .map(path -> given.getOrDefault(path, TaskSource.Entry.dependency(path)))
            .toList(),
        source.classes());
  }

  /**
   * The one of two tasks with the same name that its source was asked to register; sources may have
   * the same folder.
   */
  private static Task chosen(Task one, Task other) {
    boolean first = one.source().registers(one.name());
    boolean second = other.source().registers(one.name());
    if (first && second) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          one.name()
              + " is a task of "
              + one.source().name()
              + " and of "
              + other.source().name()
              + ". Rename one of the two classes, or register the modules one by one.");
    }
    return second ? other : one;
  }

  /** Refuses a task whose image would be based on a stranger's. */
  private void checkBases() {
    for (Task task : tasks.values()) {
      String base = task.manifest().baseSpec();
      if (!base.isEmpty() && !tasks.containsKey(base)) {
        foreign
            .entry(base)
            .ifPresent(
                path -> {
                  throw ForeignTasks.refused(
                      task.name() + " is based on the image of " + base + ", which is", path);
                });
      }
    }
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
    Set<String> left = new TreeSet<>(tasks.keySet());
    left.addAll(leftOut);
    left.removeAll(kept.keySet());
    return new Catalog(kept, jars, notes, foreign, classes, unprocessed, left);
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
            .orElseThrow(() -> missing(name));
  }

  private ImageSpecException missing(String name) {
    if (unprocessed.contains(name)) {
      return UnprocessedTasks.refused(Set.of(name));
    }
    return foreign
        .entry(name)
        .map(path -> ForeignTasks.refused("The task " + name + " is", path))
        .orElseGet(
            () ->
                new ImageSpecException(
                    FailureCode.INVALID_SETTING,
                    "There is no manifest of "
                        + name
                        + meant(name)
                            .map(task -> ". Did you mean " + task + "?")
                            .orElse(
                                ": is it annotated with @ImageSpec, and was it compiled with"
                                    + " imagespec-processor on the annotation processor path?")
                        + " On the class path are: "
                        + tasks.keySet()
                        + String.join("", notes.stream().map(note -> ". " + note).toList())));
  }

  /** The task that was probably meant: of the same name in another package, or nearly that name. */
  private Optional<String> meant(String name) {
    return tasks.keySet().stream()
        .filter(task -> simple(task).equalsIgnoreCase(simple(name)))
        .findFirst()
        .or(() -> Spelling.meant(name, tasks.keySet().stream()))
        .or(
            () ->
                Spelling.meant(simple(name), tasks.keySet().stream().map(Catalog::simple))
                    .flatMap(
                        meant ->
                            tasks.keySet().stream()
                                .filter(task -> simple(task).equals(meant))
                                .findFirst()));
  }

  private static String simple(String name) {
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
  }

  /** The tasks, sorted by class name. */
  public List<Task> tasks() {
    return List.copyOf(tasks.values());
  }

  /** Binary names of task classes on the class path that this catalog is limited not to have. */
  public Set<String> leftOut() {
    return leftOut;
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
   * A warning of classes that the programs of these tasks refer to and that no entry has; empty if
   * there are none, or if no task runs a main class.
   */
  public Optional<String> warning() {
    Map<String, String> missing = new TreeMap<>();
    tasks.values().stream()
        .filter(task -> !task.manifest().payload().mainClass().isEmpty())
        .map(Task::source)
        .distinct()
        .forEach(source -> MissingClasses.of(source, classes).forEach(missing::putIfAbsent));
    return MissingClasses.warning(missing);
  }

  /**
   * Notes for people: manifests that the search skipped, and what is odd about the tasks of this
   * catalog. One sentence each, on one line whatever files are named.
   */
  public List<String> notes() {
    List<String> all = new ArrayList<>(notes);
    Map<Path, List<String>> byJar = new TreeMap<>();
    for (Task task : tasks.values()) {
      task.notes().stream().map(Printable::value).forEach(all::add);
      if (jars.containsKey(task.name())) {
        byJar.computeIfAbsent(jars.get(task.name()), jar -> new ArrayList<>()).add(task.name());
      }
    }
    byJar.forEach(
        (jar, names) -> all.add(Printable.value(String.join(", ", names) + " from " + jar)));
    return List.copyOf(all);
  }
}
