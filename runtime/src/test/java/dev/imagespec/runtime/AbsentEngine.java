package dev.imagespec.runtime;

import dev.imagespec.runtime.engine.Engine;
import dev.imagespec.runtime.engine.EngineBuilder;
import dev.imagespec.runtime.engine.EngineException;
import dev.imagespec.runtime.engine.EngineSettings;
import java.util.List;

/** An engine that is never on the machine. Found by the service loader. */
public final class AbsentEngine implements Engine {
  @Override
  public String name() {
    return "absent";
  }

  @Override
  public List<EngineBuilder> builders(EngineSettings settings) throws EngineException {
    throw new EngineException(
        EngineException.Kind.MISSING, "it is not on this machine; install it");
  }
}
