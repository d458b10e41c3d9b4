package dev.imagespec.runtime.resolve;

import dev.imagespec.model.ImagePath;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The layer of the files that a spec copies from the project directory. */
final class CopyLayer {
  private CopyLayer() {}

  /**
   * The entries of one copy, by path in the image. A folder's content goes below {@link
   * Manifest.Copy#to}. A file gets that path, or goes into it if it ends with a slash.
   *
   * @throws ImageSpecException if the file is missing, is outside the project directory, or has a
   *     type that an image cannot contain
   */
  static Map<String, LayerEntry> entries(Manifest.Copy copy, Path projectDir, ProjectFiles files) {
    Path within = realPath(projectDir);
    Path from = projectDir.resolve(copy.from());
    if (!Files.exists(from)) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "copy from \""
              + copy.from()
              + "\": there is no such file or folder in the project directory "
              + projectDir
              + ".");
    }
    ProjectFiles.contained(from, within);
    String to = normal(copy.to());
    Map<String, LayerEntry> entries = new TreeMap<>();
    if (Files.isDirectory(from)) {
      if (!to.isEmpty()) {
        entries.put(to, LayerEntry.folder(ProjectFiles.checked(to)));
      }
      files.walk(
          from,
          within,
          (name, path) -> {
            String target = to + "/" + name;
            entries.put(
                target,
                Files.isDirectory(path)
                    ? LayerEntry.folder(ProjectFiles.checked(target))
                    : file(path, target, copy, files));
          });
    } else {
      String target = copy.to().endsWith("/") ? to + "/" + from.getFileName() : to;
      entries.put(target, file(from, target, copy, files));
    }
    return entries;
  }

  /** The layer of all copies; if two give the same path, the later one wins. */
  static Layer of(List<Manifest.Copy> copies, Path projectDir, ProjectFiles files) {
    Map<String, LayerEntry> all = new TreeMap<>();
    copies.forEach(copy -> all.putAll(entries(copy, projectDir, files)));
    return Layer.of("files", all);
  }

  private static LayerEntry file(Path path, String target, Manifest.Copy copy, ProjectFiles files) {
    LayerEntry entry = files.file(path, target);
    if (copy.mode().isEmpty()) {
      return entry;
    }
    String mode = copy.mode().substring(copy.mode().length() - 3);
    return new LayerEntry(target, mode, entry.content());
  }

  private static String normal(String to) {
    String path = ImagePath.normal(to);
    return path.equals("/") ? "" : path;
  }

  private static Path realPath(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          "The project directory " + folder + " does not exist; correct --project-dir.",
          e);
    }
  }
}
