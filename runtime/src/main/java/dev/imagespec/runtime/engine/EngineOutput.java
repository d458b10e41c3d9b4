package dev.imagespec.runtime.engine;

/** Receives what an engine prints. */
@FunctionalInterface
public interface EngineOutput {
  /** Receives a line, without its line end. */
  void line(String text);

  /**
   * A step starts to run.
   *
   * @param index the RUN step of the environment, from 0
   */
  default void step(int index) {}

  /** A line as it may be shown: without secrets. */
  default String shown(String line) {
    return line;
  }
}
