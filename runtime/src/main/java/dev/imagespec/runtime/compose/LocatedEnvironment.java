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
 */
public record LocatedEnvironment(
    Environment environment, Repository repository, RawManifest manifest) {
  /** An environment that already existed when it was planned. */
  public static LocatedEnvironment existing(PlannedEnvironment planned) {
    return of(planned, planned.existing().orElseThrow());
  }

  static LocatedEnvironment of(PlannedEnvironment planned, RawManifest manifest) {
    return new LocatedEnvironment(planned.environment(), planned.repository(), manifest);
  }
}
