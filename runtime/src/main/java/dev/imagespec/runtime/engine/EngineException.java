package dev.imagespec.runtime.engine;

import java.util.OptionalInt;

/** A failure of an engine. Its message holds no secret. */
public final class EngineException extends Exception {
  private static final long serialVersionUID = 1;

  /** What went wrong. */
  public enum Kind {
    /** The engine is not installed on this machine, or does not respond. */
    MISSING,
    /** The builder failed; another one may succeed. */
    BUILDER,
    /** A step failed, and would fail on every builder. */
    STEP,
    /** The builder cannot run programs of the platform. */
    PLATFORM,
    /** It exceeded its time limit. */
    TIMEOUT
  }

  private final Kind kind;
  private final int step;

  public EngineException(Kind kind, String message) {
    this(kind, message, OptionalInt.empty());
  }

  /**
   * A failure.
   *
   * @param step the failed RUN step, from 0; empty if it is not known
   */
  public EngineException(Kind kind, String message, OptionalInt step) {
    super(message);
    this.kind = kind;
    this.step = step.orElse(-1);
  }

  public Kind kind() {
    return kind;
  }

  /** The failed RUN step of the environment, from 0; empty if it is not known. */
  public OptionalInt step() {
    return step < 0 ? OptionalInt.empty() : OptionalInt.of(step);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
