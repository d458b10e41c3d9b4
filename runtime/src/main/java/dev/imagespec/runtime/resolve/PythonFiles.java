package dev.imagespec.runtime.resolve;

import dev.imagespec.model.LockFileName;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.ProjectDirectory;
import dev.imagespec.model.RequirementsFile;
import dev.imagespec.model.Step;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.python.LockCheckScript;
import dev.imagespec.runtime.python.LockTexts;
import dev.imagespec.runtime.python.PythonLock;
import dev.imagespec.runtime.python.PythonLockFile;
import dev.imagespec.runtime.python.PythonTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The requirements file of an environment, as its steps read it.
 *
 * @param texts the texts by their names in a build context; empty if no step reads one
 * @param lock the lock that it is, or {@link PythonLock#NONE}
 * @param isLocked whether it is a requirements file with the hashes of all files
 */
public record PythonFiles(Map<String, String> texts, PythonLock lock, boolean isLocked) {
  static final PythonFiles NONE = new PythonFiles(Map.of(), PythonLock.NONE, false);

  public PythonFiles {
    texts = Map.copyOf(texts);
  }

  /**
   * Reads the file that an environment names.
   *
   * @param platforms the image's platforms, for all of which a lock must have files
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if that file is missing or
   *     wrong; the message has a line for each mistake
   */
  static PythonFiles read(
      Manifest.Environment declared, List<Platform> platforms, Path projectDir) {
    String path = declared.requirements();
    if (path.isEmpty()) {
      return NONE;
    }
    ProjectDirectory project = ProjectDirectory.at(projectDir);
    return LockFileName.isPylock(path)
        ? lock(declared, platforms, PythonLockFile.read(project, path))
        : requirements(declared, RequirementsFile.read(project, path, declared::mayProvide));
  }

  private static PythonFiles lock(
      Manifest.Environment declared, List<Platform> platforms, PythonLockFile file) {
    String path = declared.requirements();
    refuse(path, file.mistakes());
    PythonLock lock = file.lock();
    boolean builds = declared.pip().noBuildIsolation();
    refuse(path, lock.problems(platforms.stream().map(PythonTarget::of).toList(), builds));
    Map<String, String> texts =
        new TreeMap<>(LockTexts.of(lock, builds, declared.pipIndex().isEmpty()));
    texts.put(Step.Pip.LOCK_CHECK, LockCheckScript.of(lock));
    return new PythonFiles(texts, lock, false);
  }

  private static PythonFiles requirements(Manifest.Environment declared, RequirementsFile file) {
    refuse("", file.mistakes().stream().map(RequirementsFile.Mistake::toString).toList());
    if (file.isLocked()) {
      String path = declared.requirements();
      List<RequirementsFile.Line> open = file.withoutHashes();
      List<RequirementsFile.Line> vague = file.notExact();
      refuse(
          path,
          open.isEmpty()
              ? List.of()
              : List.of(
                  "some requirements name hashes and some do not; add --hash to "
                      + RequirementsFile.places(open)));
      refuse(
          path,
          vague.isEmpty()
              ? List.of()
              : List.of(
                  "a requirement with hashes names one version, as name==1.0; correct "
                      + RequirementsFile.places(vague)));
      refuse(
          path,
          Stream.concat(
                  declared.packages().stream(),
                  declared.pip().indexes().stream().flatMap(index -> index.packages().stream()))
              .map(text -> text + " is not locked; move it into this file, with its hashes")
              .toList());
    }
    return new PythonFiles(file.texts(), PythonLock.NONE, file.isLocked());
  }

  private static void refuse(String path, List<String> mistakes) {
    if (!mistakes.isEmpty()) {
      String start = path.isEmpty() ? "" : path + ": ";
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          String.join("\n", mistakes.stream().map(mistake -> start + mistake).toList()));
    }
  }

  /** A task's manifest, with what only who has read the file knows. */
  public Manifest with(Manifest manifest) {
    return isLocked ? manifest.locked() : manifest;
  }
}
