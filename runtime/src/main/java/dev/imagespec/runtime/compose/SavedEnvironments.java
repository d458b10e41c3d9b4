package dev.imagespec.runtime.compose;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.engine.EngineBuild;
import dev.imagespec.runtime.engine.EngineException;
import dev.imagespec.runtime.engine.EngineOutput;
import dev.imagespec.runtime.engine.EnginePool;
import dev.imagespec.runtime.plan.HostedEnvironment;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The engine writes the environments to this machine; no registry gets them. */
final class SavedEnvironments implements Delivery {
  private final EnginePool pool;
  private final BaseImages bases;
  private final Map<HostedEnvironment, LocalImage> images = new ConcurrentHashMap<>();

  /**
   * A delivery.
   *
   * @param bases learns of the environments, so that images can be composed on them
   */
  SavedEnvironments(EnginePool pool, BaseImages bases) {
    this.pool = pool;
    this.bases = bases;
  }

  @Override
  public boolean isPushing() {
    return false;
  }

  @Override
  public boolean isWanted(EngineRun run) {
    return true;
  }

  @Override
  public void build(EngineRun run, EngineBuild build, EngineOutput output)
      throws EngineException, InterruptedException {
    Path layout = pool.save(build, build.context().resolveSibling(""), output);
    LocalImage image = LocalImage.read(layout, run.first().repository());
    bases.keep(image);
    run.environments().forEach(planned -> images.put(planned.hosted(), image));
  }

  @Override
  public LocatedEnvironment located(PlannedEnvironment planned) {
    LocalImage image = images.get(planned.hosted());
    if (image == null) {
      throw new ImageSpecException(
          FailureCode.ENGINE, "The environment " + planned.tag() + " was not built.");
    }
    return LocatedEnvironment.built(planned, image.top());
  }
}
