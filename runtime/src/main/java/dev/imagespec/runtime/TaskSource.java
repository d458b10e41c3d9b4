package dev.imagespec.runtime;

import dev.imagespec.runtime.catalog.ClassPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
  }

  /**
   * A source made of a class path and a project directory.
   *
   * @param classPath folders and jars, all of which are searched for tasks; {@code folder/*} stands
   *     for all jars of the folder
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if an entry does not exist
   */
  public static TaskSource of(Path projectDir, List<Path> classPath) {
    List<Entry> entries = new ArrayList<>();
    for (Path path : ClassPath.expand(classPath)) {
      entries.add(new Entry(path, Files.isDirectory(path) ? Kind.CLASSES : Kind.TASK_JAR));
    }
    return new TaskSource("", projectDir, entries, List.of());
  }

  /**
   * The source that the settings describe.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if an entry of the class path
   *     does not exist
   */
  public static TaskSource of(Settings settings) {
    return of(settings.projectDir(), settings.classPath()).withClasses(settings.classes());
  }

  /** This source with another name. */
  public TaskSource withName(String other) {
    return new TaskSource(other, projectDir, classPath, classes);
  }

  /** This source, limited to these task classes and the tasks that their images are based on. */
  public TaskSource withClasses(List<String> names) {
    return new TaskSource(name, projectDir, classPath, names);
  }
}
