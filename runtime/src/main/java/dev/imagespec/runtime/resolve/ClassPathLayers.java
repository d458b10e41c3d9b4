package dev.imagespec.runtime.resolve;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.check.SensitiveFiles;
import dev.imagespec.model.ClassPathFolder;
import dev.imagespec.model.Digest;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Printable;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.SettingKey;
import dev.imagespec.runtime.TaskSource;
import dev.imagespec.runtime.work.FileName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Arranges a class path in an image so that it means what it means to {@code java -cp} on the
 * machine: the same entries in the same order, each by itself. Files that change together share a
 * layer: dependencies, snapshots, resources, classes.
 */
final class ClassPathLayers {
  private static final int SUFFIX_DIGITS = 12;

  private final ProjectFiles files;
  private final SensitiveFiles sensitive;
  private final Map<String, LayerEntry> dependencies = new TreeMap<>();
  private final Map<String, LayerEntry> snapshots = new TreeMap<>();
  private final Map<String, LayerEntry> resources = new TreeMap<>();
  private final Map<String, LayerEntry> classes = new TreeMap<>();
  private final Map<String, Digest> jars = new HashMap<>();
  private final Set<String> order = new LinkedHashSet<>();
  private int folders;

  private ClassPathLayers(ProjectFiles files, SensitiveFiles sensitive) {
    this.files = files;
    this.sensitive = sensitive;
  }

  /**
   * The layers of a class path, without empty ones.
   *
   * @param classPath folders and jars, in order
   * @param sensitive what folders must not contain
   */
  static List<Layer> of(
      List<TaskSource.Entry> classPath, ProjectFiles files, SensitiveFiles sensitive) {
    ClassPathLayers layers = new ClassPathLayers(files, sensitive);
    for (TaskSource.Entry entry : classPath) {
      if (Files.isDirectory(entry.path())) {
        layers.addFolder(entry.path());
      } else {
        layers.addJar(entry);
      }
    }
    layers.dependencies.put(
        ClassPathFolder.ARGUMENT_FILE,
        LayerEntry.text(ClassPathFolder.ARGUMENT_FILE, argument(String.join(":", layers.order))));
    List<Layer> result = new ArrayList<>();
    for (Layer layer :
        List.of(
            Layer.of(Layer.DEPENDENCIES, layers.dependencies),
            Layer.of(Layer.SNAPSHOTS, layers.snapshots),
            Layer.of(Layer.RESOURCES, layers.resources),
            Layer.of(Layer.CLASSES, layers.classes))) {
      if (!layer.entries().isEmpty()) {
        result.add(layer);
      }
    }
    return List.copyOf(result);
  }

  private void addFolder(Path folder) {
    Path top = ProjectFiles.real(folder);
    String root = ClassPathFolder.root(folders++);
    order.add(root);
    resources.put(root, LayerEntry.folder(root));
    files.walk(
        folder,
        folder,
        (name, path, real) -> {
          if ((name + "/").startsWith(Manifest.FOLDER)) {
            return;
          }
          if (keepsOut(name, top, real)) {
            throw new ImageSpecException(
                FailureCode.INVALID_FILE,
                "the class path folder "
                    + folder
                    + " has "
                    + name
                    + ", which would go into the image, where everybody who may pull it can read it."
                    + " Move it out of the folder; or, if it is meant, name it in "
                    + SettingKey.ALLOWED_FILES
                    + ".");
          }
          String target = root + "/" + name;
          if (!Files.isDirectory(path)) {
            (name.endsWith(".class") ? classes : resources).put(target, files.file(path, target));
          } else if (ProjectFiles.isEmpty(path)) {
            // A program may look for the folder itself.
            resources.put(target, LayerEntry.folder(ProjectFiles.checked(target)));
          }
        });
  }

  /** Whether a file, or what it links to in the same folder, usually holds credentials. */
  private boolean keepsOut(String name, Path top, Path real) {
    return !sensitive.isNamed(name)
        && (sensitive.keepsOut(name) || sensitive.keepsOut(ProjectFiles.relative(top, real)));
  }

  private void addJar(TaskSource.Entry entry) {
    Path jar = entry.path();
    Digest digest = files.content(jar).digest();
    refuseRecord(jar, files);
    String name = FileName.of(jar);
    if (name.contains(":") || !name.codePoints().allMatch(Printable::isPrintable)) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "The class path entry "
              + Printable.value(jar.toString())
              + " has a character in its name that java would not read as part of it. Rename it.");
    }
    Digest other = jars.putIfAbsent(name, digest);
    if (other != null && !other.equals(digest)) {
      int dot = name.lastIndexOf('.') < 0 ? name.length() : name.lastIndexOf('.');
      String suffix = digest.hex().substring(0, SUFFIX_DIGITS);
      name = name.substring(0, dot) + "-" + suffix + name.substring(dot);
      jars.put(name, digest);
    }
    String target = ClassPathFolder.jar(name);
    order.add(target);
    Map<String, LayerEntry> layer = isSnapshot(entry) ? snapshots : dependencies;
    // A jar's executable bit means nothing; mode 644 makes the layer the same on every machine.
    layer.put(target, new LayerEntry(target, LayerEntry.PLAIN, files.content(jar)));
  }

  /** If nothing says what a jar is, its name decides. */
  private static boolean isSnapshot(TaskSource.Entry entry) {
    return entry.kind() == TaskSource.Kind.SNAPSHOT
        || (entry.kind() == TaskSource.Kind.TASK_JAR
            && String.valueOf(entry.path().getFileName()).contains("-SNAPSHOT"));
  }

  /** The refusal of a jar that holds a record. */
  static ImageSpecException recordIn(String jar) {
    return new ImageSpecException(
        FailureCode.INVALID_FILE,
        jar
            + " holds "
            + RegistrationRecord.RESOURCE
            + ": an image cannot contain its own digest. Keep the record out of the jar, and give its"
            + " file to the tasks in "
            + RegistrationRecord.VARIABLE
            + ".");
  }

  /** Refuses a file that is a jar with a record. */
  static void refuseRecordIn(Path file, ProjectFiles files) {
    if (file.toString().endsWith(".jar")) {
      refuseRecord(file, files);
    }
  }

  private static void refuseRecord(Path jar, ProjectFiles files) {
    try {
      if (files.hasEntry(jar, RegistrationRecord.RESOURCE)) {
        throw recordIn(jar.toString());
      }
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "The class path entry " + jar + " is not a jar: " + IoReason.of(e, jar) + ".",
          e);
    }
  }

  /** Quotes a text for an argument file of {@code java}. */
  static String argument(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n";
  }
}
