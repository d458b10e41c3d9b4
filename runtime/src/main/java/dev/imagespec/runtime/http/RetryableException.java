package dev.imagespec.runtime.http;

import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A failure that a retry may cure. */
public final class RetryableException extends IOException {
  private static final long serialVersionUID = 1;

  private final ImageSpecException failure;
  private final transient Optional<Duration> retryAfter;

  public RetryableException(ImageSpecException failure, Optional<Duration> retryAfter) {
    super(failure.getMessage());
    this.failure = failure;
    this.retryAfter = retryAfter;
  }

  /** The failure to report if no attempts are left. */
  public ImageSpecException failure() {
    return failure;
  }

  /** How long the server asks to wait. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
