package dev.imagespec.runtime.compose;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.resolve.Environment;

/**
 * An environment that exists.
 *
 * @param environment the environment
 * @param repository the repository that has it
 * @param manifest what its tag names there: a manifest, or an index with one for its platform
 * @param isNew whether this registration built it; another may do so at the same time
 */
public record LocatedEnvironment(
    Environment environment, Repository repository, RawManifest manifest, boolean isNew) {
  /** An environment that already existed when it was planned. */
  public static LocatedEnvironment existing(PlannedEnvironment planned) {
    return of(planned, planned.existing().orElseThrow(), false);
  }

  /** An environment that this registration has built. */
  static LocatedEnvironment built(PlannedEnvironment planned, RawManifest manifest) {
    return of(planned, manifest, true);
  }

  private static LocatedEnvironment of(
      PlannedEnvironment planned, RawManifest manifest, boolean isNew) {
    return new LocatedEnvironment(planned.environment(), planned.repository(), manifest, isNew);
  }
}
