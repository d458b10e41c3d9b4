package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.registry.Manifests;

/** The tags of environments in their repositories: what an engine has pushed, and under which. */
final class EnvironmentTags {
  private final Manifests manifests;

  EnvironmentTags(Manifests manifests) {
    this.manifests = manifests;
  }

  boolean isMissing(PlannedEnvironment planned) {
    return manifests.digest(planned.repository(), planned.tag()).isEmpty();
  }

  /** The manifest of an environment that an engine says it has pushed. */
  RawManifest pushed(PlannedEnvironment planned) {
    return manifests
        .get(planned.repository(), planned.tag())
        .orElseThrow(() -> notPushed(planned.toString()));
  }

  /**
   * Gives what an engine has pushed by its digest alone the tags of its platforms' environments.
   */
  void tag(EngineRun run, Digest digest) {
    Repository repository = run.first().repository();
    RawManifest top = require(repository, digest);
    for (PlannedEnvironment planned : run.environments()) {
      Digest own = BaseImages.ofPlatform(planned.tag(), top, planned.environment().platform());
      if (isMissing(planned)) {
        try {
          manifests.put(
              repository, planned.tag(), own.equals(digest) ? top : require(repository, own));
        } catch (ImageSpecException e) {
          if (e.code() != FailureCode.TAG_IMMUTABLE && isMissing(planned)) {
            throw e;
          }
          // Another registration was faster; use its environment.
        }
      }
    }
  }

  private RawManifest require(Repository repository, Digest digest) {
    return manifests
        .get(repository, digest.toString())
        .orElseThrow(() -> notPushed(repository + "@" + digest));
  }

  private static ImageSpecException notPushed(String what) {
    return new ImageSpecException(
        FailureCode.ENGINE,
        "The engine says that it pushed "
            + what
            + ", but the repository does not have it. Register again.");
  }
}
