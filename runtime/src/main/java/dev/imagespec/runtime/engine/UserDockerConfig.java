package dev.imagespec.runtime.engine;

import java.nio.file.Path;
import java.util.Map;

/** Where Docker's programs find the user's own configuration, and that of a build instead. */
public final class UserDockerConfig {
  private UserDockerConfig() {}

  /**
   * The folder of the user's own configuration.
   *
   * @param environment the process's environment variables
   */
  public static Path folder(Map<String, String> environment) {
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    return folder.isEmpty() ? Path.of(System.getProperty("user.home"), ".docker") : Path.of(folder);
  }

  /** The environment variables by which Docker's programs find a build's configuration. */
  static Map<String, String> variables(Path ofBuild, Map<String, String> environment) {
    String buildx = environment.getOrDefault("BUILDX_CONFIG", "");
    return Map.of(
        "DOCKER_CONFIG",
        ofBuild.toString(),
        // Where the user's own builders are known.
        "BUILDX_CONFIG",
        buildx.isEmpty()
            ? folder(environment).resolve("buildx").toAbsolutePath().toString()
            : buildx);
  }
}
