package dev.imagespec.runtime.resolve;

import dev.imagespec.check.Located;
import dev.imagespec.check.Message;
import dev.imagespec.check.Problem;
import dev.imagespec.check.SensitiveFiles;
import dev.imagespec.model.FileOwner;
import dev.imagespec.model.FilePattern;
import dev.imagespec.model.FileSelection;
import dev.imagespec.model.IgnoreFile;
import dev.imagespec.model.ImagePath;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.ProjectDirectory;
import dev.imagespec.model.ProjectPath;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.FileName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the files of one copy of a spec. */
final class CopyLayer {
  private record ModeRule(FilePattern pattern, String mode) {}

  private final Manifest.Copy copy;
  private final Path projectDir;
  private final Path within;
  private final String start;
  private final String to;
  private final FileOwner owner;
  private final List<ModeRule> modes = new ArrayList<>();
  private final SensitiveFiles sensitive;
  private final ProjectFiles files;
  private final Map<String, LayerEntry> entries = new TreeMap<>();

  private CopyLayer(
      Manifest.Copy copy, Path projectDir, SensitiveFiles sensitive, ProjectFiles files) {
    this.copy = copy;
    this.projectDir = projectDir;
    this.within = realPath(projectDir);
    this.start = ProjectPath.normal(copy.from()).orElseThrow();
    this.to = normal(copy.to());
    this.owner = FileOwner.parse(copy.owner());
    copy.modes()
        .forEach(mode -> modes.add(new ModeRule(FilePattern.parse(mode.pattern()), mode.mode())));
    this.sensitive = sensitive;
    this.files = files;
  }

  /**
   * The entries of a copy, by path in the image. A folder's content goes below {@link
   * Manifest.Copy#to}. A file gets that path, or goes into it if it ends with a slash.
   *
   * @throws ImageSpecException if a file is missing, is outside the project directory, has a type
   *     that an image cannot contain, or is one that usually holds credentials and is not named
   *     itself; or if the copy's patterns leave no file
   */
  static Map<String, LayerEntry> entries(
      Manifest.Copy copy, Path projectDir, SensitiveFiles sensitive, ProjectFiles files) {
    return new CopyLayer(copy, projectDir, sensitive, files).read();
  }

  private Map<String, LayerEntry> read() {
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
    Path real = ProjectFiles.contained(from, within);
    if (Files.isDirectory(from)) {
      folder(from, real);
    } else {
      requireNoPatterns();
      keepOut(start, ProjectFiles.relative(within, real));
      put(from, copy.to().endsWith("/") ? to + "/" + FileName.of(from) : to, "");
    }
    return entries;
  }

  private void folder(Path from, Path real) {
    FileSelection selection = FileSelection.of(start, copy.include(), copy.exclude(), ignoreFile());
    if (selection.isAll()) {
      keepOut(start, ProjectFiles.relative(within, real));
      putFolder(to);
    }
    files.walk(
        from,
        within,
        selection,
        (name, path, place) -> {
          boolean isFolder = Files.isDirectory(path);
          if ((isFolder && !selection.isAll()) || files.isWritten(path)) {
            return;
          }
          keepOut(
              start.isEmpty() ? name : start + "/" + name, ProjectFiles.relative(within, place));
          String target = to + "/" + name;
          if (isFolder) {
            putFolder(target);
          } else {
            foldersAbove(target);
            put(path, target, name);
          }
        });
    if (!selection.isAll() && entries.isEmpty()) {
      throw refusal(Message.NOTHING_COPIED, copy.from());
    }
    if (entries.isEmpty() && !owner.isRoot()) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "copy from \""
              + copy.from()
              + "\": the folder is empty and is copied to /, so that there is nothing to own;"
              + " remove the copy.");
    }
  }

  private void requireNoPatterns() {
    if (!copy.include().isEmpty()
        || !copy.exclude().isEmpty()
        || !copy.modes().isEmpty()
        || !copy.ignoreFile().isEmpty()) {
      throw refusal(Message.PATTERN_OF_FILE, copy.from());
    }
  }

  private IgnoreFile ignoreFile() {
    if (copy.ignoreFile().isEmpty()) {
      return IgnoreFile.NONE;
    }
    try {
      return IgnoreFile.read(ProjectDirectory.at(projectDir), copy.ignoreFile());
    } catch (IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          Problem.of(
                  Message.IGNORE_FILE,
                  new Located<>(copy.ignoreFile(), () -> "copy ignoreFile"),
                  e.getMessage())
              .text(),
          e);
    }
  }

  private void putFolder(String target) {
    if (!target.isEmpty()) {
      entries.put(target, LayerEntry.folder(ProjectFiles.checked(target)).ownedBy(owner));
    }
  }

  /** The folders from {@code to} on, of which only those with a file go in. */
  private void foldersAbove(String target) {
    String path = target.substring(0, target.lastIndexOf('/'));
    while (path.length() >= to.length() && !path.isEmpty() && !entries.containsKey(path)) {
      putFolder(path);
      path = path.substring(0, path.lastIndexOf('/'));
    }
  }

  /**
   * Puts a file.
   *
   * @param name its path below the folder that is copied; empty if the file itself is
   */
  private void put(Path path, String target, String name) {
    LayerEntry entry = files.file(path, target);
    String mode = copy.mode();
    for (ModeRule rule : modes) {
      if (rule.pattern().matches(name)) {
        mode = rule.mode();
      }
    }
    entries.put(
        target,
        new LayerEntry(
            target,
            mode.isEmpty() ? entry.mode() : mode.substring(mode.length() - 3),
            entry.content(),
            owner));
  }

  /**
   * Refuses what usually holds credentials, by its own path and by what that links to, as the
   * compiler does: it may have come after the compilation.
   */
  private void keepOut(String path, String real) {
    if (!sensitive.isNamed(path) && (sensitive.keepsOut(path) || sensitive.keepsOut(real))) {
      throw refusal(Message.SENSITIVE_FILE, path);
    }
  }

  private ImageSpecException refusal(Message message, String what) {
    return new ImageSpecException(
        FailureCode.INVALID_FILE,
        Problem.of(message, new Located<>(copy.from(), () -> "copy from"), what).text());
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
