package dev.imagespec.runtime.compose;

import dev.imagespec.runtime.engine.EngineBuild;
import dev.imagespec.runtime.engine.EngineException;
import dev.imagespec.runtime.engine.EngineOutput;
import dev.imagespec.runtime.plan.PlannedEnvironment;

/** What becomes of the environments that an engine builds. */
interface Delivery {
  /** Whether the engine may write to registries, so that it needs their credentials. */
  boolean isPushing();

  /** Whether the environments of a run are still wanted. */
  boolean isWanted(EngineRun run);

  /** Has an engine build the environments of a run, and delivers them. */
  void build(EngineRun run, EngineBuild build, EngineOutput output)
      throws EngineException, InterruptedException;

  /** An environment that was delivered. */
  LocatedEnvironment located(PlannedEnvironment planned);
}
