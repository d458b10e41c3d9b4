package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.engine.EngineBuild;
import dev.imagespec.runtime.engine.EngineException;
import dev.imagespec.runtime.engine.EngineOutput;
import dev.imagespec.runtime.engine.EnginePool;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import java.util.Optional;

/** The engine pushes the environments. */
final class PushedEnvironments implements Delivery {
  private final EnginePool pool;
  private final EnvironmentTags tags;
  private final RegistrationListener listener;

  PushedEnvironments(EnginePool pool, EnvironmentTags tags, RegistrationListener listener) {
    this.pool = pool;
    this.tags = tags;
    this.listener = listener;
  }

  @Override
  public boolean isPushing() {
    return true;
  }

  @Override
  public boolean isWanted(EngineRun run) {
    return run.environments().stream().anyMatch(tags::isMissing);
  }

  @Override
  public void build(EngineRun run, EngineBuild build, EngineOutput output)
      throws EngineException, InterruptedException {
    try {
      Optional<Digest> untagged = pool.build(build, output);
      if (untagged.isPresent()) {
        tags.tag(run, untagged.get());
      }
    } catch (EngineException e) {
      // Another registration may have pushed the tag first. If it is immutable, our push is
      // rejected.
      if (e.kind() != EngineException.Kind.BUILDER || isWanted(run)) {
        throw e;
      }
    }
  }

  @Override
  public LocatedEnvironment located(PlannedEnvironment planned) {
    LocatedEnvironment located = LocatedEnvironment.built(planned, tags.pushed(planned));
    listener.on(new RegistrationEvent.EnvironmentPushed(planned.repository().image(planned.tag())));
    return located;
  }
}
