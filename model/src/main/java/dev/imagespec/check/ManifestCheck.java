package dev.imagespec.check;

import dev.imagespec.model.Manifest;
import java.util.List;

/**
 * Runs the compiler's checks on a manifest, which may come from another machine or release, or may
 * have been edited.
 */
public final class ManifestCheck {
  private ManifestCheck() {}

  /**
   * The errors that the compiler would have reported. Leaves out warnings, and checks that need
   * more than the manifest: whether the main class runs, whether the base is a task, which files
   * the project has.
   */
  public static List<Problem> problems(Manifest manifest) {
    return SpecChecks.check(SpecManifest.read(manifest), Surroundings.UNKNOWN).stream()
        .filter(Problem::isError)
        .toList();
  }
}
