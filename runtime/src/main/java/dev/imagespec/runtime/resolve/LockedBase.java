package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a base reference stood for when it was resolved.
 *
 * @param digest the digest of the index, or of the manifest if there is no index
 * @param platforms the digest of each platform's manifest
 * @param since the day on which the lock got these digests, in UTC; null if an earlier release
 *     wrote them
 */
public record LockedBase(
    Digest digest, Map<Platform, Digest> platforms, @Nullable LocalDate since) {
  public LockedBase {
    platforms = Collections.unmodifiableMap(new TreeMap<>(platforms));
  }

  /** Digests of unknown age. */
  LockedBase(Digest digest, Map<Platform, Digest> platforms) {
    this(digest, platforms, null);
  }

  /** The day on which the lock got these digests, if the lock says so. */
  public Optional<LocalDate> day() {
    return Optional.ofNullable(since);
  }

  /** Whether both stand for the same images, whenever they were locked. */
  boolean isSame(@Nullable LockedBase other) {
    return other != null && digest.equals(other.digest) && platforms.equals(other.platforms);
  }
}
