package dev.imagespec.runtime.record;

import dev.imagespec.runtime.Comparison;
import dev.imagespec.runtime.resolve.ImageInputs;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The image that a task was registered with last.
 *
 * @param source where this is known from
 * @param reference {@code registry/name@sha256:<digest>}
 * @param repository its repository, with the registry
 * @param fingerprint its fingerprint
 * @param known what it is made from; null if that is not known
 */
public record LastRegistration(
    Comparison.Source source,
    String reference,
    String repository,
    String fingerprint,
    @Nullable ImageInputs known) {

  /** What it is made from; empty if that is not known. */
  public Optional<ImageInputs> inputs() {
    return Optional.ofNullable(known);
  }
}
