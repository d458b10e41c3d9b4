package dev.imagespec.runtime.catalog;

import dev.imagespec.ImageSpec;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Task classes without a manifest: the compiler did not run the annotation processor. */
public final class UnprocessedTasks {
  private static final String ANNOTATION = ImageSpec.class.getName();
  private static final String PACKAGE_INFO = "package-info";

  private UnprocessedTasks() {}

  /** The task classes of a source that have no manifest: binary names, sorted. */
  public static List<String> of(TaskSource source) {
    return List.copyOf(of(List.of(source), new EntryClasses()));
  }

  /**
   * The task classes in those entries that have no manifest at all: a compilation either runs the
   * processor or does not.
   *
   * @return binary names, sorted
   */
  static Set<String> of(List<TaskSource> sources, EntryClasses classes) {
    Set<String> names = new TreeSet<>();
    for (TaskSource source : sources) {
      for (TaskSource.Entry entry : source.classPath()) {
        if (entry.kind().holdsTasks() && !hasManifest(entry.path())) {
          classes.of(entry.path()).stream()
              .filter(UnprocessedTasks::isTask)
              .forEach(file -> names.add(file.name()));
        }
      }
    }
    return names;
  }

  private static boolean isTask(ClassFile file) {
    return file.annotations().contains(ANNOTATION)
        && !file.isAnnotation()
        && !file.name().endsWith(PACKAGE_INFO);
  }

  private static boolean hasManifest(Path entry) {
    try (EntryFiles files = EntryFiles.open(entry)) {
      return !files.manifests().isEmpty();
    } catch (IOException e) {
      throw ManifestFinder.unreadable(entry, e);
    }
  }

  /** What is wrong with these classes, and its usual causes; one sentence or more. */
  static String explained(Set<String> names) {
    return String.join(", ", names)
        + (names.size() == 1 ? " is" : " are")
        + " annotated with @ImageSpec, but compiled without the annotation processor, so there is no"
        + " manifest. The usual causes: a maven-compiler-plugin before 3.5, which knows no"
        + " annotationProcessorPaths (Maven 3.8 has 3.1 unless the pom names a version); -proc:none; or"
        + " imagespec-processor is not on the processor path";
  }

  static ImageSpecException refused(Set<String> names) {
    return new ImageSpecException(
        FailureCode.INVALID_MANIFEST, explained(names) + ". Correct that, and compile afresh.");
  }
}
