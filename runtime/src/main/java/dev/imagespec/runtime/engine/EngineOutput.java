package dev.imagespec.runtime.engine;

/** Takes what an engine prints. */
@FunctionalInterface
public interface EngineOutput {
  /** A line, without its end. */
  void line(String text);

  /**
   * A step is being run.
   *
   * @param index the RUN step of the environment, from 0
   */
  default void step(int index) {}
}
