package dev.imagespec.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Says what went wrong, where, and what to do next. The message is for people and holds no secret;
 * {@link #code()} is for programs.
 */
public final class ImageSpecException extends RuntimeException {
  private static final long serialVersionUID = 1;

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
    super(message, cause);
    this.code = code;
  }

  /**
   * The failure of an interrupted thread. Sets the thread's interrupt flag again, so that the
   * thread's owner notices, too.
   */
  public static ImageSpecException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new ImageSpecException(
        FailureCode.INTERRUPTED, "The registration was interrupted.", cause);
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
