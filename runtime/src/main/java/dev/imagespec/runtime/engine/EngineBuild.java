package dev.imagespec.runtime.engine;

import dev.imagespec.model.Platform;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An environment to build.
 *
 * @param name a short name, for people
 * @param context the build context: {@code Dockerfile} and the files that it reads
 * @param target the stage to build; empty for the last
 * @param steps the number of RUN steps in that stage, or of the instructions of a project's own
 *     Dockerfile that take time
 * @param arguments the build arguments
 * @param platforms the platforms, at least one; several only if the builder builds them together
 * @param repository the repository to push to: {@code registry/name}
 * @param tag the tag
 * @param cacheKey equal for builds that start with the same steps on the same base
 * @param secrets the secrets by id
 * @param dockerConfig a folder with a {@code config.json} that holds credentials for exactly the
 *     registries of this build
 * @param wanted whether to push the image; asked just before the push
 * @param source a Dockerfile of a project to build instead; null to build that of the context
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
    BooleanSupplier wanted,
    @Nullable Own source) {

  /**
   * A Dockerfile of a project.
   *
   * @param dockerfile the file, which is not in the context
   * @param instructions its instructions that take time
   * @param images the images that it starts from and copies from, by digest
   * @param documents the line of its first instruction with a document ({@code <<EOF}); 0 if there
   *     is none
   */
  public record Own(
      Path dockerfile, List<Instruction> instructions, List<String> images, int documents) {
    public Own {
      instructions = List.copyOf(instructions);
      images = List.copyOf(images);
    }
  }

  /**
   * An instruction of a Dockerfile of a project.
   *
   * @param stage the number of its stage, from 0
   * @param stageName the name of its stage in BuildKit's output; empty if the only one has none
   * @param number its number among those of its stage that BuildKit counts, from 1
   * @param position its number among all of its stage, from 1
   */
  public record Instruction(int stage, String stageName, int number, int position) {}

  /** A build of the Dockerfile of the context. */
  public EngineBuild(
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
    this(
        name,
        context,
        target,
        steps,
        arguments,
        platforms,
        repository,
        tag,
        cacheKey,
        secrets,
        dockerConfig,
        wanted,
        null);
  }

  public EngineBuild {
    arguments = Collections.unmodifiableMap(new TreeMap<>(arguments));
    platforms = List.copyOf(platforms);
    secrets = Collections.unmodifiableMap(new TreeMap<>(secrets));
  }

  /** The Dockerfile of a project to build; empty to build that of the context. */
  public Optional<Own> own() {
    return Optional.ofNullable(source);
  }

  /** The options that say what to build: the file, and the stage if it is not the last. */
  List<String> fileOptions() {
    Path file = source == null ? context.resolve("Dockerfile") : source.dockerfile();
    return target.isEmpty()
        ? List.of("--file=" + file)
        : List.of("--file=" + file, "--target=" + target);
  }

  /** The images that it reads. */
  List<String> bases() {
    return source == null ? List.of(arguments.getOrDefault("BASE_IMAGE", "")) : source.images();
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
