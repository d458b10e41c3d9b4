package dev.imagespec.runtime;

import dev.imagespec.runtime.catalog.AnnotationsInUse;
import dev.imagespec.runtime.catalog.ClassPath;
import dev.imagespec.runtime.catalog.UnprocessedTasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where task classes come from, and what goes into their images: one module of a build. A
 * registration takes one or more; equal images of several modules are built once.
 *
 * @param name the module's name, for messages; may be empty
 * @param projectDir the folder that files in specs are relative to; absolute
 * @param classPath the class path, in the order that {@code java} searches it; images that use the
 *     class path contain it
 * @param classes the task classes to register, by binary or canonical name; empty for all
 */
public record TaskSource(
    String name, Path projectDir, List<Entry> classPath, List<String> classes) {

  public TaskSource {
    projectDir = projectDir.toAbsolutePath().normalize();
    classPath = List.copyOf(classPath);
    classes = List.copyOf(classes);
  }

  /** The kind of a class path entry. */
  public enum Kind {
    /** A folder with the module's own classes, which may include tasks. */
    CLASSES,
    /** A jar with the module's own classes, which may include tasks. */
    TASK_JAR,
    /** A jar or folder that the module depends on, in a released version. */
    DEPENDENCY,
    /**
     * A jar or folder that the module depends on, in a version that changes from build to build.
     */
    SNAPSHOT;

    /** Whether entries of this kind are searched for task classes. */
    public boolean holdsTasks() {
      return this == CLASSES || this == TASK_JAR;
    }
  }

  /**
   * A class path entry.
   *
   * @param path the folder or jar; absolute
   * @param kind its kind
   */
  public record Entry(Path path, Kind kind) {
    public Entry {
      path = path.toAbsolutePath().normalize();
    }

    /**
     * A dependency of which nothing is known but its path: if that has Maven's name for a version
     * that changes, it is one.
     */
    public static Entry dependency(Path path) {
      boolean changes = String.valueOf(path.getFileName()).contains("-SNAPSHOT");
      return new Entry(path, changes ? Kind.SNAPSHOT : Kind.DEPENDENCY);
    }
  }

  /**
   * A source made of a class path without task jars.
   *
   * @see #of(Path, List, List)
   */
  public static TaskSource of(Path projectDir, List<Path> classPath) {
    return of(projectDir, classPath, List.of());
  }

  /**
   * A source made of a class path and a project directory. Folders are taken for the user's own
   * classes; jars are dependencies, unless they are named as task jars.
   *
   * @param classPath folders and jars; {@code folder/*} stands for all jars of the folder
   * @param taskJars the jars of the class path that contain tasks of the user's own, those included
   *     that other jars name in their manifests
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if an entry is neither a file
   *     nor a folder, or with {@link FailureCode#INVALID_SETTING} if a task jar is not on the class
   *     path
   */
  public static TaskSource of(Path projectDir, List<Path> classPath, List<Path> taskJars) {
    List<Path> paths = ClassPath.expand(classPath);
    Set<Path> own = new LinkedHashSet<>(ClassPath.taskJars(taskJars, paths));
    List<Entry> entries = new ArrayList<>();
    for (Path path : paths) {
      Kind kind = Files.isDirectory(path) ? Kind.CLASSES : Entry.dependency(path).kind();
      entries.add(new Entry(path, own.remove(path) ? Kind.TASK_JAR : kind));
    }
    // Jars that other jars name have their places in the class path through those.
    own.forEach(path -> entries.add(new Entry(path, Kind.TASK_JAR)));
    return new TaskSource("", projectDir, entries, List.of());
  }

  /**
   * The source that the settings describe.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if an entry of the class path
   *     is neither a file nor a folder, or with {@link FailureCode#INVALID_SETTING} if a task jar
   *     is not on it
   */
  public static TaskSource of(Settings settings) {
    return of(settings.projectDir(), settings.classPath(), settings.taskJars())
        .withClasses(settings.classes());
  }

  /**
   * Whether a task of this source is to be registered: none is named, or this one is.
   *
   * @param task the class's binary name
   */
  public boolean registers(String task) {
    return classes.isEmpty() || classes.contains(task) || classes.contains(task.replace('$', '.'));
  }

  /** This source with another name. */
  public TaskSource withName(String other) {
    return new TaskSource(other, projectDir, classPath, classes);
  }

  /** This source, limited to these task classes and the tasks that their images are based on. */
  public TaskSource withClasses(List<String> names) {
    return new TaskSource(name, projectDir, classPath, names);
  }

  /**
   * This source without {@code imagespec-annotations}, if no class on its class path uses more of
   * it than the annotations, which are not there at run time. A generated class counts if another
   * class refers to it. Use by reflection is not seen.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if an entry cannot be read
   */
  public TaskSource withoutUnusedAnnotations() {
    return AnnotationsInUse.without(this);
  }

  /**
   * The task classes that were compiled without the annotation processor, and so have no manifest:
   * binary names, sorted.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if an entry cannot be read
   */
  public List<String> unprocessedTasks() {
    return UnprocessedTasks.of(this);
  }
}
