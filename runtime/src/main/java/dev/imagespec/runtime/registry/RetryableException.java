package dev.imagespec.runtime.registry;

import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** An answer that may be another one the next time. */
final class RetryableException extends IOException {
  private static final long serialVersionUID = 1;

  private final ImageSpecException failure;
  private final transient Optional<Duration> retryAfter;

  RetryableException(ImageSpecException failure, Optional<Duration> retryAfter) {
    super(failure.getMessage());
    this.failure = failure;
    this.retryAfter = retryAfter;
  }

  /** What it comes to if there is no next time. */
  ImageSpecException failure() {
    return failure;
  }

  /** How long the registry asks to wait. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
