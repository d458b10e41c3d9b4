package dev.imagespec.runtime.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Digest;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.work.BoundedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A builder of buildx. */
final class BuildxBuilder implements EngineBuilder {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DAEMON = "docker";
  private static final int MAX_METADATA = 16 << 20;

  private final String name;
  private final String driver;
  private final List<String> platforms;
  private final String status;
  private final String trouble;
  private final boolean attests;
  private final EngineSettings settings;

  private BuildxBuilder(
      String name,
      List<String> inspected,
      String driver,
      boolean attests,
      EngineSettings settings) {
    this.name = name;
    this.driver = driver;
    this.platforms = List.of(value(inspected, "Platforms").replace("*", "").split(",\\s*", -1));
    this.status = value(inspected, "Status");
    this.trouble = value(inspected, "Error");
    this.attests = attests;
    this.settings = settings;
  }

  /** A builder, from the output of {@code docker buildx inspect}. */
  static BuildxBuilder of(
      String name, List<String> inspected, boolean attests, EngineSettings settings) {
    return new BuildxBuilder(name, inspected, value(inspected, "Driver"), attests, settings);
  }

  private static String value(List<String> lines, String key) {
    return lines.stream()
        .map(String::strip)
        .filter(line -> line.startsWith(key + ":"))
        .map(line -> line.substring(key.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  boolean isUsable() {
    return !driver.isEmpty() && trouble.isEmpty();
  }

  /** Why it cannot be used. */
  String trouble() {
    return trouble.isEmpty() ? "it names no driver" : trouble;
  }

  @Override
  public String name() {
    return name.isEmpty() ? "buildx" : "buildx builder " + name;
  }

  /** A builder that was never started does not list its platforms: then try it. */
  @Override
  public boolean runs(Platform platform) {
    return platforms.equals(List.of(""))
        || platforms.contains(platform.toString())
        || platforms.contains(platform.os() + "/" + platform.architecture());
  }

  /** All can, except the daemon's own builder if its image store does not support it. */
  @Override
  public boolean buildsPlatformsTogether() {
    return !isDaemon();
  }

  @Override
  public boolean answers() throws InterruptedException {
    Command.Answer answer = inspect(name).ask();
    return answer.isGood() && of(name, answer.lines(), attests, settings).status.equals("running");
  }

  /** The command that describes a builder; an empty name means the current one. */
  static Command inspect(String name) {
    Command inspect = new Command(Docker.PROGRAM, "buildx", "inspect");
    return name.isEmpty() ? inspect : inspect.with(name);
  }

  private boolean isDaemon() {
    return driver.equals(DAEMON);
  }

  @Override
  public Optional<Digest> build(EngineBuild build, EngineOutput output)
      throws EngineException, InterruptedException {
    Path metadata = build.dockerConfig().resolve("metadata.json");
    Command command = command(build, true);
    if (!isDaemon()) {
      command.with(
          "--output=type=image,push=true,push-by-digest=true,name-canonical=true,oci-mediatypes=true,name="
              + build.repository()
              + (EngineBuild.isPlain(build.repository()) ? ",registry.insecure=true" : ""),
          "--metadata-file=" + metadata);
    }
    BuildCommand.run(command.with(build.context().toString()), name(), build, settings, output);
    if (!isDaemon()) {
      return Optional.of(digest(metadata));
    }
    DaemonPush.push(build, docker(), name(), settings, output);
    return Optional.empty();
  }

  @Override
  public void save(EngineBuild build, Path layout, EngineOutput output)
      throws EngineException, InterruptedException {
    Path archive = build.context().resolveSibling(layout.getFileName() + ".tar");
    Command command = command(build, false);
    if (!isDaemon()) {
      command.with("--output=type=oci,oci-mediatypes=true,dest=" + archive);
    }
    BuildCommand.run(command.with(build.context().toString()), name(), build, settings, output);
    if (isDaemon()) {
      DaemonSave.save(build, layout, docker(), name(), settings, output);
      return;
    }
    try {
      OciLayout.extract(archive, layout);
    } catch (IOException e) {
      throw DaemonSave.unreadable(name(), e);
    }
  }

  /** The command that builds; what becomes of the image is still to be added. */
  private Command command(EngineBuild build, boolean writesCache) throws EngineException {
    Command command = docker().with("buildx", "build");
    if (!name.isEmpty()) {
      command.with("--builder=" + name);
    }
    command.with(BuildCommand.arguments(build, settings).toArray(String[]::new));
    if (attests) {
      // These would turn every image into an index.
      command.with("--provenance=false", "--sbom=false");
    }
    cache(build, writesCache, command);
    if (isDaemon()) {
      command.with("--tag=" + build.image());
    } else {
      settings
          .network()
          .filter("host"::equals)
          .ifPresent(network -> command.with("--allow=network.host"));
    }
    return command;
  }

  /**
   * The command to run Docker with: a "docker" builder is a Docker context, which must be in use.
   */
  private Command docker() {
    Command docker = new Command(Docker.PROGRAM);
    return isDaemon() && !name.isEmpty() && !name.equals("default")
        ? docker.with("--context=" + name).without("DOCKER_HOST")
        : docker;
  }

  private void cache(EngineBuild build, boolean writes, Command command) throws EngineException {
    if (settings.cache().isEmpty()) {
      return;
    }
    if (isDaemon()) {
      if (!writes) {
        return;
      }
      throw new EngineException(
          EngineException.Kind.BUILDER,
          name()
              + " is the Docker daemon's own, which cannot write a cache to a registry. Make another with"
              + " `docker buildx create --driver docker-container --name NAME`, and name it with"
              + " imagespec.engine.builders; or leave out imagespec.engine.cache.");
    }
    String reference = "type=registry,ref=" + settings.cache().get() + ":" + build.cacheKey();
    command.with("--cache-from=" + reference);
    if (writes) {
      command.with(
          "--cache-to="
              + reference
              + ",mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true");
    }
  }

  private static Digest digest(Path metadata) throws EngineException {
    try {
      return Digest.parse(
          JSON.readTree(BoundedFile.read(metadata, MAX_METADATA))
              .path("containerimage.digest")
              .asText());
    } catch (IOException | IllegalArgumentException e) {
      throw new EngineException(
          EngineException.Kind.BUILDER,
          "buildx does not say the digest of what it pushed: " + IoReason.of(e));
    }
  }
}
