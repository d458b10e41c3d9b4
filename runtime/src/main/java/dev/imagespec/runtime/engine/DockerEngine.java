package dev.imagespec.runtime.engine;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** BuildKit inside a Docker daemon, for Docker before 23 without buildx. */
final class DockerEngine implements Engine {
  private static final int NEEDS_BUILDX = 23_000;

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public Optional<String> program() {
    return Optional.of(Docker.PROGRAM);
  }

  @Override
  public List<EngineBuilder> builders(EngineSettings settings)
      throws EngineException, InterruptedException {
    settings.requireNoBuilders(name());
    Command.Answer version =
        new Command(
                Docker.PROGRAM,
                "version",
                "--format",
                "{{.Client.Version}} {{.Server.Os}}/{{.Server.Arch}}")
            .ask();
    if (!version.isGood()) {
      throw new EngineException(
          EngineException.Kind.MISSING,
          "no Docker daemon answers (" + version.last() + "); " + Docker.INSTALL);
    }
    if (Docker.version(version.text()) >= NEEDS_BUILDX) {
      throw new EngineException(
          EngineException.Kind.MISSING, "this Docker builds with buildx only; " + Docker.INSTALL);
    }
    if (settings.cache().isPresent()) {
      throw new EngineException(
          EngineException.Kind.MISSING,
          "`docker build` cannot write a cache to a registry; install buildx (Debian: docker-buildx), or"
              + " leave out imagespec.engine.cache");
    }
    String platform = version.last();
    return List.of(new Daemon(platform.substring(platform.lastIndexOf(' ') + 1), settings));
  }

  private record Daemon(String platform, EngineSettings settings) implements EngineBuilder {
    @Override
    public String name() {
      return "docker";
    }

    @Override
    public boolean runs(Platform wanted) {
      return wanted.toString().equals(platform);
    }

    @Override
    public boolean answers() throws InterruptedException {
      return new Command(Docker.PROGRAM, "version").ask().isGood();
    }

    @Override
    public boolean buildsPlatformsTogether() {
      return false;
    }

    @Override
    public Optional<Digest> build(EngineBuild build, EngineOutput output)
        throws EngineException, InterruptedException {
      buildHere(build, output);
      DaemonPush.push(build, new Command(Docker.PROGRAM), name(), settings, output);
      return Optional.empty();
    }

    @Override
    public void save(EngineBuild build, Path layout, EngineOutput output)
        throws EngineException, InterruptedException {
      buildHere(build, output);
      DaemonSave.save(build, layout, new Command(Docker.PROGRAM), name(), settings, output);
    }

    private void buildHere(EngineBuild build, EngineOutput output)
        throws EngineException, InterruptedException {
      Command command =
          new Command(Docker.PROGRAM, "build")
              .variable("DOCKER_BUILDKIT", "1")
              .with("--tag=" + build.image());
      command.with(BuildCommand.arguments(build, settings).toArray(String[]::new));
      BuildCommand.run(command.with(build.context().toString()), name(), build, settings, output);
    }
  }
}
