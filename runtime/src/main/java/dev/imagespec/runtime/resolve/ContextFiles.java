package dev.imagespec.runtime.resolve;

import dev.imagespec.check.SensitiveFiles;
import dev.imagespec.dockerfile.ContextSources;
import dev.imagespec.model.IgnoreFile;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.ProjectDirectory;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.FileName;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the files of a Dockerfile's context: those that the Dockerfile reads and its ignore file
 * does not keep out. Links stay links, as engines take them.
 */
final class ContextFiles {
  private final Path projectDir;
  private final Manifest.OwnDockerfile declared;
  private final ProjectFiles files;
  private final Path within;
  private final Path root;

  ContextFiles(Path projectDir, Manifest.OwnDockerfile declared, ProjectFiles files) {
    this.projectDir = projectDir;
    this.declared = declared;
    this.files = files;
    this.within = ProjectFiles.real(projectDir);
    Path folder = projectDir.resolve(FileName.checked(declared.folder()));
    if (!Files.isDirectory(folder)) {
      throw wrong(
          "the context \"" + declared.folder() + "\" is no folder of the project directory");
    }
    this.root = ProjectFiles.contained(folder, within);
  }

  /**
   * Reads the files.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if one is missing, cannot be
   *     read, or usually holds credentials
   */
  Layer read(ContextSources sources) {
    IgnoreFile ignored = ignoreFile();
    List<String> links = new ArrayList<>();
    Map<String, LayerEntry> found = walk(sources, ignored, links);
    if (links.stream().anyMatch(sources::readsThrough)) {
      // What a source that is a link leads to, only the engine knows.
      return layer(walk(ContextSources.ALL, ignored, links), sources);
    }
    sources
        .missing(found.keySet())
        .ifPresent(
            source -> {
              throw new ImageSpecException(
                  FailureCode.INVALID_FILE,
                  declared.path()
                      + ":"
                      + source.line()
                      + ": there is no "
                      + source.path()
                      + " in the context "
                      + shown(declared.folder())
                      + ", or its ignore file keeps it out.");
            });
    return layer(found, sources);
  }

  private Layer layer(Map<String, LayerEntry> found, ContextSources sources) {
    // By paths in the context: a context of the name .docker is not meant as a whole.
    SensitiveFiles sensitive = SensitiveFiles.unlessNamed(sources.literals());
    for (String path : found.keySet()) {
      if (sensitive.keepsOut(path)) {
        throw wrong(
            "it reads "
                + inProject(path)
                + ", which usually holds credentials, and everybody who may pull the image could read"
                + " it. Keep it out with "
                + ignorePath()
                + ", or name the file itself in a COPY if it is meant");
      }
    }
    Map<String, LayerEntry> entries = new TreeMap<>();
    found.values().forEach(entry -> entries.put(entry.path(), entry));
    return Layer.of(Layer.CONTEXT, entries);
  }

  private String inProject(String path) {
    return declared.folder().isEmpty() ? path : declared.folder() + "/" + path;
  }

  private static String shown(String folder) {
    return folder.isEmpty() ? "(the project directory)" : folder;
  }

  private String ignorePath() {
    return inProject(IgnoreFile.NAME);
  }

  /** Docker's rule: the ignore file of the Dockerfile itself, or else that of the context. */
  private IgnoreFile ignoreFile() {
    String ofDockerfile = declared.path() + IgnoreFile.NAME;
    for (String path : List.of(ofDockerfile, ignorePath())) {
      Path file = projectDir.resolve(FileName.checked(path));
      if (Files.isRegularFile(file)) {
        try {
          return IgnoreFile.read(ProjectDirectory.at(projectDir), path);
        } catch (IllegalArgumentException e) {
          throw new ImageSpecException(
              FailureCode.INVALID_FILE, path + ": " + e.getMessage() + ".", e);
        }
      }
    }
    return IgnoreFile.NONE;
  }

  private record Level(Path folder, String prefix) {}

  /** Without recursion: folders may be nested more deeply than a stack is. */
  private Map<String, LayerEntry> walk(
      ContextSources sources, IgnoreFile ignored, List<String> links) {
    Map<String, LayerEntry> found = new TreeMap<>();
    Deque<Level> levels = new ArrayDeque<>(List.of(new Level(root, "")));
    while (!levels.isEmpty()) {
      Level level = levels.pop();
      for (Map.Entry<String, Path> child : ProjectFiles.children(level.folder()).entrySet()) {
        String path = level.prefix() + child.getKey();
        Path file = child.getValue();
        boolean isFolder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
        boolean isRead = sources.reads(path) && !ignored.leavesOut(path) && !files.isWritten(file);
        if (isFolder && sources.mayReadIn(path) && !ignored.leavesOutAllOf(path)) {
          levels.push(new Level(file, path + "/"));
        }
        if (Files.isSymbolicLink(file)) {
          links.add(path);
        }
        if (isRead) {
          found.put(path, entry(file, "/" + path, isFolder));
        }
      }
    }
    return found;
  }

  private LayerEntry entry(Path file, String target, boolean isFolder) {
    FileName.checked(target);
    if (isFolder) {
      return LayerEntry.folder(target);
    }
    if (Files.isSymbolicLink(file)) {
      return LayerEntry.link(target, ProjectFiles.linkTarget(file));
    }
    return new LayerEntry(target, ProjectFiles.modeOf(file), files.content(file));
  }

  private ImageSpecException wrong(String why) {
    return new ImageSpecException(FailureCode.INVALID_FILE, declared.path() + ": " + why + ".");
  }
}
