package dev.imagespec.runtime.engine;

import dev.imagespec.model.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads an image that a Docker daemon built into its own store. */
final class DaemonSave {
  private DaemonSave() {}

  /**
   * Writes the image as an OCI layout. Then removes its name from the store; the results of steps
   * stay in the daemon's cache.
   *
   * @param docker the program, with the daemon's context
   * @param builder the builder's name, for people
   */
  static void save(
      EngineBuild build,
      Path layout,
      Command docker,
      String builder,
      EngineSettings settings,
      EngineOutput output)
      throws EngineException, InterruptedException {
    try {
      Path scratch =
          Files.createDirectory(build.context().resolveSibling(layout.getFileName() + "-parts"));
      Path archive = scratch.resolve("archive.tar");
      BuildCommand.run(
          docker.copy().with("save", "--output=" + archive, build.image()),
          builder,
          build,
          settings,
          output);
      DaemonArchive.toLayout(archive, scratch, layout);
    } catch (IOException e) {
      throw unreadable(builder, e);
    } finally {
      DaemonPush.forget(build, docker, output);
    }
  }

  static EngineException unreadable(String builder, IOException e) {
    return new EngineException(
        EngineException.Kind.BUILDER,
        "what " + builder + " saved cannot be read: " + IoReason.of(e));
  }
}
