package dev.imagespec.runtime.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * BuildKit, through {@code docker buildx}, with the builders that the user has configured: the
 * local daemon, containers, remote daemons or Kubernetes.
 */
final class BuildxEngine implements Engine {
  private static final int WITH_ATTESTATIONS = 10;

  @Override
  public String name() {
    return "buildx";
  }

  @Override
  public Optional<String> program() {
    return Optional.of(Docker.PROGRAM);
  }

  @Override
  public List<EngineBuilder> builders(EngineSettings settings)
      throws EngineException, InterruptedException {
    Command.Answer version = new Command(Docker.PROGRAM, "buildx", "version").ask();
    if (!version.isGood()) {
      throw new EngineException(
          EngineException.Kind.MISSING,
          "`docker buildx` does not run (" + version.last() + "); " + Docker.INSTALL);
    }
    boolean attests = Docker.version(version.text()) >= WITH_ATTESTATIONS;
    List<EngineBuilder> builders = new ArrayList<>();
    List<String> names = settings.builders().isEmpty() ? List.of("") : settings.builders();
    List<String> reasons = new ArrayList<>();
    for (String name : names) {
      Command.Answer answer = BuildxBuilder.inspect(name).ask();
      BuildxBuilder builder = BuildxBuilder.of(name, answer.lines(), attests, settings);
      if (answer.isGood() && builder.isUsable()) {
        builders.add(builder);
      } else {
        reasons.add(
            (name.isEmpty() ? "the default builder" : "the builder " + name)
                + " does not answer ("
                + (answer.isGood() ? builder.trouble() : answer.last())
                + ")");
      }
    }
    if (builders.isEmpty()) {
      throw new EngineException(
          EngineException.Kind.MISSING,
          String.join("; ", reasons)
              + "; start the Docker daemon, or name builders that `docker buildx ls` shows as running");
    }
    return List.copyOf(builders);
  }
}
