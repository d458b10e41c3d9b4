package dev.imagespec.runtime;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong, where, and what to do next. The message is meant for a person and holds no
 * secret; {@link #code()} is meant for a program.
 */
public final class ImageSpecException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final FailureCode code;

  public ImageSpecException(FailureCode code, String message) {
    this(code, message, null);
  }

  public ImageSpecException(FailureCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /**
   * The failure of a thread that was interrupted. Marks the thread as interrupted again, so that
   * its owner finds out, too.
   */
  public static ImageSpecException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new ImageSpecException(
        FailureCode.INTERRUPTED, "The registration was interrupted.", cause);
  }

  /** What kind of failure this is. */
  public FailureCode code() {
    return code;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
