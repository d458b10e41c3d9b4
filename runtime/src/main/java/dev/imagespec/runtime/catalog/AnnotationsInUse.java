package dev.imagespec.runtime.catalog;

import dev.imagespec.ImageSpec;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.TaskSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether the classes of a class path need {@code imagespec-annotations} when they run. Annotations
 * themselves are not loaded, and a generated class needs it only if some other class calls it.
 */
public final class AnnotationsInUse {
  private static final String ANNOTATION = ImageSpec.class.getName();

  /** What each class that refers to one of ours contains (JVM specification, section 4.4.7). */
  private static final String PACKAGE = ImageSpec.class.getPackageName().replace('.', '/') + "/";

  /** The end of {@code package-info} and {@code module-info}, which every module may have. */
  private static final String INFO = "-info";

  private final TaskSource source;
  private final EntryClasses classes = new EntryClasses();

  /** The classes that a program cannot do without, once it refers to one. */
  private final Set<String> support = new HashSet<>();

  /** The enums of annotations: to name a constant in an annotation is no use of them. */
  private final Set<String> constants = new HashSet<>();

  /** The classes that the compiler generated, which are there whether used or not. */
  private final Set<String> generated = new HashSet<>();

  private AnnotationsInUse(TaskSource source) {
    this.source = source;
  }

  /**
   * A source without the entry that has the annotations, if no class of the others needs it.
   *
   * @throws dev.imagespec.runtime.ImageSpecException if an entry cannot be read
   */
  public static TaskSource without(TaskSource source) {
    return new AnnotationsInUse(source).without();
  }

  private TaskSource without() {
    List<TaskSource.Entry> annotations = new ArrayList<>();
    List<TaskSource.Entry> others = new ArrayList<>();
    for (TaskSource.Entry entry : source.classPath()) {
      (hasAnnotations(entry) ? annotations : others).add(entry);
    }
    for (TaskSource.Entry entry : annotations) {
      classes.of(entry.path()).stream()
          .filter(file -> !file.isAnnotation() && !file.name().endsWith(INFO))
          .forEach(
              file -> (isInAnnotation(file, entry.path()) ? constants : support).add(file.name()));
    }
    if (annotations.isEmpty() || isNeeded(others)) {
      return source;
    }
    return new TaskSource(source.name(), source.projectDir(), others, source.classes());
  }

  private static boolean hasAnnotations(TaskSource.Entry entry) {
    if (entry.kind().holdsTasks()) {
      return false;
    }
    try (EntryFiles files = EntryFiles.open(entry.path())) {
      return files.hasClass(ANNOTATION);
    } catch (IOException e) {
      throw ManifestFinder.unreadable(entry.path(), e);
    }
  }

  private boolean isInAnnotation(ClassFile nested, Path entry) {
    return classes.of(entry).stream()
        .filter(ClassFile::isAnnotation)
        .anyMatch(around -> nested.name().startsWith(around.name() + "$"));
  }

  private boolean isNeeded(List<TaskSource.Entry> entries) {
    List<Path> folders = new ArrayList<>();
    List<Path> jars = new ArrayList<>();
    for (TaskSource.Entry entry : entries) {
      (Files.isDirectory(entry.path()) ? folders : jars).add(entry.path());
      generated.addAll(generatedIn(entry.path()));
    }
    return folders.stream().anyMatch(this::uses) || jars.stream().anyMatch(this::jarUses);
  }

  private static Set<String> generatedIn(Path entry) {
    Set<String> names = new HashSet<>();
    try (EntryFiles files = EntryFiles.open(entry)) {
      for (String manifest : files.manifests()) {
        String task = manifest.substring(Manifest.FOLDER.length(), manifest.lastIndexOf('/'));
        names.add(Manifest.generatedClass(task));
      }
    } catch (IOException e) {
      throw ManifestFinder.unreadable(entry, e);
    }
    return names;
  }

  /** Whether a class of an entry that was not generated refers to ours, or to a generated one. */
  private boolean uses(Path entry) {
    return classes.of(entry).stream()
        .filter(file -> !generated.contains(file.name()))
        .anyMatch(this::needs);
  }

  private boolean needs(ClassFile file) {
    return file.references().stream()
            .anyMatch(name -> support.contains(name) || generated.contains(name))
        || file.owners().stream().anyMatch(constants::contains);
  }

  /** The same of a jar, whose classes are parsed only if the text of one names our package. */
  private boolean jarUses(Path jar) {
    try (EntryFiles files = EntryFiles.open(jar)) {
      if (!JarScan.mayContain(jar, PACKAGE)) {
        return false;
      }
      for (String name : files.classes()) {
        String binary = name.substring(0, name.length() - EntryFiles.CLASS.length());
        if (files.readClass(binary).filter(AnnotationsInUse::namesPackage).isPresent()) {
          return uses(jar);
        }
      }
      return false;
    } catch (IOException e) {
      throw ManifestFinder.unreadable(jar, e);
    }
  }

  private static boolean namesPackage(byte[] classFile) {
    return new String(classFile, StandardCharsets.ISO_8859_1).contains(PACKAGE);
  }
}
