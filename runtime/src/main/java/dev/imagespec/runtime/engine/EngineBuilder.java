package dev.imagespec.runtime.engine;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.util.Optional;

/** A place where an engine runs steps: a daemon, or this machine. For many threads. */
public interface EngineBuilder {
  /** The name, for people and for choosing a builder: the same in every registration. */
  String name();

  /** Whether it can run programs of a platform, as far as it knows. */
  boolean runs(Platform platform);

  /** Whether it answers at all; asked after it failed. */
  boolean answers() throws InterruptedException;

  /** Whether it builds several platforms in one run, which makes an index. */
  boolean buildsPlatformsTogether();

  /**
   * Builds an environment and pushes it, under its tag or by digest alone.
   *
   * @param build what to build
   * @param output takes every line that the engine prints
   * @return the digest, if it was pushed by digest alone and the tag is still to be written; empty
   *     if the tag was written, or if the build was no longer {@linkplain EngineBuild#isWanted
   *     wanted} and nothing was pushed
   * @throws EngineException if that fails
   * @throws InterruptedException if the thread is interrupted; every process of the build has ended
   */
  Optional<Digest> build(EngineBuild build, EngineOutput output)
      throws EngineException, InterruptedException;
}
