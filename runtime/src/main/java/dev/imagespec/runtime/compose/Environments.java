package dev.imagespec.runtime.compose;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.resolve.Environment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The environments of a registration: where those are that exist, and why others do not. */
public final class Environments {
  private final Map<Environment, LocatedEnvironment> located = new ConcurrentHashMap<>();
  private final Map<Environment, ImageSpecException> failed = new ConcurrentHashMap<>();

  /** Takes note of one that its repository has. */
  public void put(PlannedEnvironment planned, RawManifest manifest) {
    located.put(
        planned.environment(),
        new LocatedEnvironment(planned.environment(), planned.repository(), manifest));
  }

  /** Takes note of one that cannot be built. */
  public void fail(Environment environment, ImageSpecException cause) {
    failed.put(environment, cause);
  }

  /**
   * Where an environment is.
   *
   * @throws ImageSpecException why it is not there
   */
  LocatedEnvironment get(Environment environment) {
    LocatedEnvironment found = located.get(environment);
    if (found == null) {
      ImageSpecException cause = failed.get(environment);
      throw cause != null
          ? cause
          : new ImageSpecException(
              FailureCode.ENGINE, "The environment " + environment.tag() + " was not built.");
    }
    return found;
  }
}
