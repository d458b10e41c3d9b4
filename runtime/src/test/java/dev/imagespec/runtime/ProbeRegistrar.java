package dev.imagespec.runtime;

import java.util.List;
import java.util.Set;

/** A task registrar that the service loader finds: it has a setting, and knows no task. */
public final class ProbeRegistrar implements TaskRegistrar {
  @Override
  public String name() {
    return "probe";
  }

  @Override
  public Set<String> settings() {
    return Set.of("time-zone");
  }

  @Override
  public List<Result> register(Registration registration, Context context) {
    return List.of();
  }
}
