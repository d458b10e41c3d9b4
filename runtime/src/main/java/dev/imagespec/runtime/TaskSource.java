package dev.imagespec.runtime;

import dev.imagespec.runtime.catalog.ClassPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where task classes come from, with all that goes into their images: one module of a build. A
 * registration takes one or several, and treats their images alike: equal ones are built once.
 *
 * @param name the module's name, for messages; may be empty
 * @param projectDir the folder that specs name files in; absolute
 * @param classPath the class path, in the order that {@code java} searches it; goes into images
 *     that ask for it
 * @param classes the task classes to register, by binary or canonical name; none for all
 */
public record TaskSource(
    String name, Path projectDir, List<Entry> classPath, List<String> classes) {

  public TaskSource {
    projectDir = projectDir.toAbsolutePath().normalize();
    classPath = List.copyOf(classPath);
    classes = List.copyOf(classes);
  }

  /** What a class path entry is. */
  public enum Kind {
    /** A folder with classes of the module's own; tasks are looked for in it. */
    CLASSES,
    /** A jar with classes of the module's own; tasks are looked for in it. */
    TASK_JAR,
    /** A jar or folder that the module uses, in a released version. */
    DEPENDENCY,
    /** A jar or folder that the module uses, in a version that changes from build to build. */
    SNAPSHOT;

    /** Whether task classes are looked for in entries of this kind. */
    public boolean holdsTasks() {
      return this == CLASSES || this == TASK_JAR;
    }
  }

  /**
   * A class path entry.
   *
   * @param path the folder or jar; absolute
   * @param kind what it is
   */
  public record Entry(Path path, Kind kind) {
    public Entry {
      path = path.toAbsolutePath().normalize();
    }
  }

  /**
   * The source that a class path and a project directory make.
   *
   * @param classPath folders and jars, tasks in all of them; {@code folder/*} stands for the
   *     folder's jars
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
   * The source that settings name.
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

  /** The part of this source with these task classes, and with those their images are based on. */
  public TaskSource withClasses(List<String> names) {
    return new TaskSource(name, projectDir, classPath, names);
  }
}
