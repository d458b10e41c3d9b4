package dev.imagespec.runtime.resolve;

import dev.imagespec.check.Located;
import dev.imagespec.check.Message;
import dev.imagespec.check.Problem;
import dev.imagespec.check.SensitiveFiles;
import dev.imagespec.model.ImagePath;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.ProjectPath;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.FileName;
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
   * The entries of each copy, by path in the image. A folder's content goes below {@link
   * Manifest.Copy#to}. A file gets that path, or goes into it if it ends with a slash.
   *
   * @throws ImageSpecException if a file is missing, is outside the project directory, has a type
   *     that an image cannot contain, or is one that usually holds credentials and is not named
   *     itself
   */
  static List<Map<String, LayerEntry>> entries(
      List<Manifest.Copy> copies, Path projectDir, ProjectFiles files) {
    SensitiveFiles sensitive =
        SensitiveFiles.unlessNamed(copies.stream().map(Manifest.Copy::from).toList());
    return copies.stream().map(copy -> entries(copy, projectDir, sensitive, files)).toList();
  }

  private static Map<String, LayerEntry> entries(
      Manifest.Copy copy, Path projectDir, SensitiveFiles sensitive, ProjectFiles files) {
    Path within = realPath(projectDir);
    Path from = projectDir.resolve(FileName.checked(copy.from()));
    if (!Files.exists(from)) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "copy from \""
              + copy.from()
              + "\": there is no such file or folder in the project directory "
              + projectDir
              + ".");
    }
    String start = ProjectPath.normal(copy.from()).orElseThrow();
    keepOut(
        copy,
        sensitive,
        start,
        ProjectFiles.relative(within, ProjectFiles.contained(from, within)));
    String to = normal(copy.to());
    Map<String, LayerEntry> entries = new TreeMap<>();
    if (Files.isDirectory(from)) {
      if (!to.isEmpty()) {
        entries.put(to, LayerEntry.folder(ProjectFiles.checked(to)));
      }
      files.walk(
          from,
          within,
          (name, path, real) -> {
            String place = start.isEmpty() ? name : start + "/" + name;
            keepOut(copy, sensitive, place, ProjectFiles.relative(within, real));
            String target = to + "/" + name;
            entries.put(
                target,
                Files.isDirectory(path)
                    ? LayerEntry.folder(ProjectFiles.checked(target))
                    : file(path, target, copy, files));
          });
    } else {
      String target = copy.to().endsWith("/") ? to + "/" + FileName.of(from) : to;
      entries.put(target, file(from, target, copy, files));
    }
    return entries;
  }

  /**
   * Refuses what usually holds credentials, by its own path and by what that links to, as the
   * compiler does: it may have come after the compilation.
   */
  private static void keepOut(
      Manifest.Copy copy, SensitiveFiles sensitive, String path, String real) {
    if (sensitive.isNamed(path)) {
      return;
    }
    if (sensitive.keepsOut(path) || sensitive.keepsOut(real)) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          Problem.of(Message.SENSITIVE_FILE, new Located<>(copy.from(), () -> "copy from"), path)
              .text());
    }
  }

  /** The layer of all copies; if two give the same path, the later one wins. */
  static Layer of(List<Manifest.Copy> copies, Path projectDir, ProjectFiles files) {
    Map<String, LayerEntry> all = new TreeMap<>();
    entries(copies, projectDir, files).forEach(all::putAll);
    return Layer.of(Layer.FILES, all);
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
          "The project directory "
              + folder
              + " cannot be used: "
              + IoReason.of(e, folder)
              + ". Correct --project-dir.",
          e);
    }
  }
}
