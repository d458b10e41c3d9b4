package dev.imagespec.runtime.engine;

import dev.imagespec.model.Platform;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * An environment to build.
 *
 * @param name a short name, for people
 * @param context the build context: {@code Dockerfile} and the files that it reads
 * @param target the stage to build
 * @param steps the number of RUN steps in that stage
 * @param arguments the build arguments
 * @param platforms the platforms, at least one; several only if the builder builds them together
 * @param repository the repository to push to: {@code registry/name}
 * @param tag the tag
 * @param cacheKey equal for builds that start with the same steps on the same base
 * @param secrets the secrets by id
 * @param dockerConfig a folder with a {@code config.json} that holds credentials for exactly the
 *     registries of this build
 * @param wanted whether to push the image; asked just before the push
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

  /** Whether to push the image: another registration may have pushed it already. */
  public boolean isWanted() {
    return wanted.getAsBoolean();
  }

  /** The image to push, by its tag. */
  public String image() {
    return repository + ":" + tag;
  }

  /** Whether a registry uses plain HTTP. Only registries on this machine do. */
  static boolean isPlain(String reference) {
    return reference.startsWith("localhost:") || reference.startsWith("127.0.0.1:");
  }
}
