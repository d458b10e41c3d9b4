package dev.imagespec.runtime.compose;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.plan.HostedEnvironment;
import dev.imagespec.runtime.work.Attempt;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The environments of a registration: where each is, or why it does not exist. */
public final class Environments {
  private final Map<HostedEnvironment, Attempt<LocatedEnvironment>> attempts =
      new ConcurrentHashMap<>();

  /** Records the result for an environment. */
  public void put(HostedEnvironment environment, Attempt<LocatedEnvironment> attempt) {
    attempts.put(environment, attempt);
  }

  /** Records the results for environments. */
  public void putAll(Map<HostedEnvironment, Attempt<LocatedEnvironment>> others) {
    attempts.putAll(others);
  }

  /**
   * The location of an environment.
   *
   * @throws ImageSpecException if the environment does not exist: the reason
   */
  LocatedEnvironment get(HostedEnvironment environment) {
    Attempt<LocatedEnvironment> attempt = attempts.get(environment);
    if (attempt == null) {
      throw new ImageSpecException(
          FailureCode.ENGINE,
          "The environment " + environment.environment().tag() + " was not built.");
    }
    return attempt.get();
  }
}
