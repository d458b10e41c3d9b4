package dev.imagespec.runtime.engine;

import dev.imagespec.model.Platform;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * An environment to be built.
 *
 * @param name a short name, for people
 * @param context the build context: {@code Dockerfile} and what it reads
 * @param target the stage to build
 * @param steps how many RUN steps that stage has
 * @param arguments the build arguments
 * @param platforms the platforms, at least one; several only for a builder that builds them
 *     together
 * @param repository where to push to: {@code registry/name}
 * @param tag the tag
 * @param cacheKey the same for builds that start with the same steps on the same base
 * @param secrets the secrets by id
 * @param dockerConfig a folder that holds a {@code config.json} with the credentials for exactly
 *     the registries of this build
 * @param wanted whether the image is still to be pushed; asked right before that is done
 */
public record EngineBuild(
    String name,
    Path context,
    String target,
    int steps,
    Map<String, String> arguments,
    List<Platform> platforms,
    String repository,
    String tag,
    String cacheKey,
    Map<String, Secret> secrets,
    Path dockerConfig,
    BooleanSupplier wanted) {

  public EngineBuild {
    arguments = Collections.unmodifiableMap(new TreeMap<>(arguments));
    platforms = List.copyOf(platforms);
    secrets = Collections.unmodifiableMap(new TreeMap<>(secrets));
  }

  /** Whether the image is still to be pushed: another registration may have been faster. */
  public boolean isWanted() {
    return wanted.getAsBoolean();
  }

  /** What to push, by its tag. */
  public String image() {
    return repository + ":" + tag;
  }

  /** Whether a registry speaks plain HTTP, which only this machine's own do. */
  static boolean isPlain(String reference) {
    return reference.startsWith("localhost:") || reference.startsWith("127.0.0.1:");
  }
}
