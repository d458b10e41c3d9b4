package dev.imagespec.runtime.engine;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A place where an engine runs steps: a daemon, or this machine. Safe for use by several threads.
 */
public interface EngineBuilder {
  /** The name, for people and to choose a builder by; the same in every registration. */
  String name();

  /** Whether it can run programs of a platform, as far as it knows. */
  boolean runs(Platform platform);

  /** Whether it still responds; checked after a failure. */
  boolean answers() throws InterruptedException;

  /** Whether it builds several platforms in one run, which produces an index. */
  boolean buildsPlatformsTogether();

  /**
   * Builds an environment and pushes it, by its tag or only by digest.
   *
   * @param build what to build
   * @param output receives every line that the engine prints
   * @return the digest, if it was pushed only by digest and must still be tagged; empty if the tag
   *     was written, or if nothing was pushed because the build was no longer {@linkplain
   *     EngineBuild#isWanted wanted}
   * @throws EngineException if the build or the push fails
   * @throws InterruptedException if the thread is interrupted; all processes of the build have
   *     ended
   */
  Optional<Digest> build(EngineBuild build, EngineOutput output)
      throws EngineException, InterruptedException;

  /**
   * Builds an environment and writes it to this machine, as an OCI image layout with one image.
   * Pushes nothing, and writes no cache to a registry.
   *
   * @param build what to build; its repository and tag are only names
   * @param layout the folder to write; it is empty
   * @param output receives every line that the engine prints
   * @throws EngineException if the build fails, or this engine can only push
   * @throws InterruptedException if the thread is interrupted; all processes of the build have
   *     ended
   */
  default void save(EngineBuild build, Path layout, EngineOutput output)
      throws EngineException, InterruptedException {
    throw new EngineException(
        EngineException.Kind.BUILDER,
        name()
            + " pushes what it builds, and cannot write it to a folder. Register the task first, or"
            + " name another engine with --engine");
  }
}
