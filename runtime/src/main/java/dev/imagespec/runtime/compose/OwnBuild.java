package dev.imagespec.runtime.compose;

import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.dockerfile.OwnDockerfile;
import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.engine.EngineBuild;
import dev.imagespec.runtime.engine.Secret;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.resolve.Base.OfDockerfile.Used;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The build of a Dockerfile of the project: the same text, with the digest of each image in the
 * place of its name, and the files that it reads.
 */
final class OwnBuild {
  /** A repository of this machine, as Docker and Podman take its registry. */
  private static final String NAME = "localhost/imagespec-environment";

  private static final int NAME_DIGITS = 16;

  private final Base.OfDockerfile own;

  OwnBuild(Base.OfDockerfile own) {
    this.own = own;
  }

  /**
   * The Dockerfile's text with digests, for an engine.
   *
   * @param isTogether whether one build is for several platforms, which then share an index
   */
  String text(Platform platform, boolean isTogether) {
    return text(platform, used -> reference(used, isTogether));
  }

  /** The same for an exported build, which reads from the registries that the Dockerfile names. */
  String exported() {
    boolean isTogether = own.platforms().size() > 1;
    return text(
        own.platforms().first(),
        used -> used.use().reference().repository().image(isTogether ? used.top() : used.digest()));
  }

  private String text(Platform platform, Function<Used, ImageReference> reference) {
    Map<OwnDockerfile.Use, ImageReference> references = new HashMap<>();
    own.images(platform).forEach(used -> references.put(used.use(), reference.apply(used)));
    return own.recipe()
        .dockerfile()
        .with(
            platform,
            use -> {
              ImageReference found = references.get(use);
              if (found == null) {
                throw new IllegalStateException(
                    "an image of line " + use.line() + " has no digest");
              }
              return found;
            });
  }

  /** A name for the image in an exported build: one for each content. */
  ImageReference name() {
    String identity = own.identity(own.platforms().first());
    return ImageReference.parse(
        NAME + ":" + Digest.parse(identity).hex().substring(0, NAME_DIGITS));
  }

  private static ImageReference reference(Used used, boolean isTogether) {
    return used.source().image(isTogether ? used.top() : used.digest());
  }

  private static EngineBuild.Instruction instruction(OwnDockerfile.Instruction step) {
    return new EngineBuild.Instruction(
        step.stage(), step.stageName(), step.number(), step.position());
  }

  /** Writes what the engine reads into a folder. */
  EngineBuild write(
      EngineRun run, Path folder, Path config, Map<String, Secret> secrets, BooleanSupplier wanted)
      throws IOException {
    PlannedEnvironment first = run.first();
    Platform platform = first.environment().platform();
    Path source = folder.resolve("source");
    BuildContext.writeOwn(source, text(platform, run.isTogether()), own.recipe().context());
    List<OwnDockerfile.Instruction> steps = own.recipe().dockerfile().steps();
    List<Used> images = own.images(platform);
    return new EngineBuild(
        run.name(),
        source.resolve(BuildContext.CONTEXT),
        "",
        steps.size(),
        Map.of(),
        run.platforms(),
        first.repository().toString(),
        first.tag(),
        // Not the files: builds share a cache that start from the same images.
        EnvironmentBuilder.cacheKey(platform + " " + images.stream().map(Used::digest).toList()),
        secrets,
        config,
        wanted,
        new EngineBuild.Own(
            source.resolve(Dockerfile.FILE),
            steps.stream().map(OwnBuild::instruction).toList(),
            images.stream().map(used -> reference(used, run.isTogether()).toString()).toList(),
            own.recipe().dockerfile().documents()));
  }
}
