package dev.imagespec.check;

import dev.imagespec.model.Manifest;
import java.util.List;

/**
 * Holds a manifest against the checks of the compiler: what comes from another machine, another
 * release or another hand was not necessarily written by this compiler.
 */
public final class ManifestCheck {
  private ManifestCheck() {}

  /**
   * What the compiler would have refused. Warnings are not among it, nor what a manifest does not
   * tell: whether the main class runs, whether the base is a task, which files the project has.
   */
  public static List<Problem> problems(Manifest manifest) {
    return SpecChecks.check(SpecManifest.read(manifest), Surroundings.UNKNOWN).stream()
        .filter(Problem::isError)
        .toList();
  }
}
