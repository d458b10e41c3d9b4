package dev.imagespec.runtime.engine;

import dev.imagespec.model.IoReason;
import dev.imagespec.model.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs programs for a build: what all engines have in common. */
final class BuildCommand {
  private static final String TEMPORARY = "TMPDIR";

  private BuildCommand() {}

  /**
   * Runs a program for a build, with the build's credentials and secrets.
   *
   * @param builder the builder's name, for people
   * @throws EngineException if the program fails; says what went wrong as far as its output tells
   */
  static void run(
      Command command,
      String builder,
      EngineBuild build,
      EngineSettings settings,
      EngineOutput output)
      throws EngineException, InterruptedException {
    StepFailure failure = new StepFailure(StepNumbers.of(build), output);
    try {
      int code =
          command
              .variables(configurations(build.dockerConfig(), settings))
              .variables(values(build))
              .run(settings.timeout(), failure);
      if (code != 0) {
        throw failure.explain(builder);
      }
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.MISSING, builder + " cannot be run: " + IoReason.of(e));
    }
  }

  /**
   * Variables that make Docker's programs use the build's own configuration with the user's
   * builders, and all programs the folder for temporary files that the settings name.
   */
  static Map<String, String> configurations(Path ofBuild, EngineSettings settings) {
    String buildx = settings.environment().getOrDefault("BUILDX_CONFIG", "");
    Map<String, String> variables = new TreeMap<>();
    variables.put("DOCKER_CONFIG", ofBuild.toString());
    variables.put(
        "BUILDX_CONFIG",
        buildx.isEmpty()
            ? settings.dockerConfig().resolve("buildx").toAbsolutePath().toString()
            : buildx);
    String temporary = settings.environment().get(TEMPORARY);
    if (temporary != null) {
      variables.put(TEMPORARY, temporary);
    }
    return variables;
  }

  /** The arguments that say what to build; the same for both build commands of Docker. */
  static List<String> arguments(EngineBuild build, EngineSettings settings) {
    List<String> words = new ArrayList<>();
    words.add("--progress=plain");
    words.addAll(build.fileOptions());
    words.add(
        "--platform="
            + String.join(",", build.platforms().stream().map(Platform::toString).toList()));
    build.arguments().forEach((name, value) -> words.add("--build-arg=" + name + "=" + value));
    settings.network().ifPresent(network -> words.add("--network=" + network));
    words.addAll(secrets(build));
    return words;
  }

  /**
   * Options for secrets. A value is passed in an environment variable, whose name reveals nothing.
   */
  static List<String> secrets(EngineBuild build) {
    List<String> words = new ArrayList<>();
    build
        .secrets()
        .forEach(
            (id, secret) ->
                words.add(
                    "--secret=id="
                        + id
                        + (secret instanceof Secret.OfFile file
                            ? ",src=" + file.path()
                            : ",env=" + variable(id))));
    return words;
  }

  /** The environment variables that {@link #secrets} names, with their values. */
  private static Map<String, String> values(EngineBuild build) {
    Map<String, String> values = new TreeMap<>();
    build
        .secrets()
        .forEach(
            (id, secret) -> {
              if (secret instanceof Secret.OfValue value) {
                values.put(variable(id), value.value());
              }
            });
    return values;
  }

  private static String variable(String id) {
    return "IMAGESPEC_SECRET_"
        + id.replaceAll("[^A-Za-z0-9_]", "_").toUpperCase(java.util.Locale.ROOT);
  }
}
