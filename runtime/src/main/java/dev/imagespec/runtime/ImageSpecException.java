package dev.imagespec.runtime;

import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Says what went wrong, where, and what to do next. The message is for people and holds no secret;
 * {@link #code()} is for programs.
 */
public final class ImageSpecException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final String INTERRUPTED = "The registration was interrupted.";

  private final FailureCode code;

  /** A failure without a cause. */
  public ImageSpecException(FailureCode code, String message) {
    this(code, message, null);
  }

  /**
   * A failure.
   *
   * @param message what went wrong, where, and what to do next; without secrets
   * @param cause its cause; null if there is none, or if it may hold secrets
   */
  public ImageSpecException(FailureCode code, String message, @Nullable Throwable cause) {
    super(isInterruption(cause) ? INTERRUPTED : message, cause);
    this.code = isInterruption(cause) ? FailureCode.INTERRUPTED : code;
  }

  /**
   * Whether a failure of reading or writing has come of an interruption. The JDK's file channels
   * say so in their own way, wherever they are used.
   */
  private static boolean isInterruption(@Nullable Throwable cause) {
    return cause instanceof ClosedByInterruptException
        || (cause instanceof UncheckedIOException
            && cause.getCause() instanceof ClosedByInterruptException);
  }

  /**
   * The failure of an interrupted thread. Sets the thread's interrupt flag again, so that the
   * thread's owner notices, too.
   */
  public static ImageSpecException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new ImageSpecException(FailureCode.INTERRUPTED, INTERRUPTED, cause);
  }

  /** The kind of failure. */
  public FailureCode code() {
    return code;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
