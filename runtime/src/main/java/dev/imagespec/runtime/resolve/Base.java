package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A base image, resolved for the platforms that an image is for.
 *
 * @param name the reference in its normal form, or {@code scratch}, or {@code spec}
 * @param source the repository that its bytes come from (a mirror's, where one is set); empty for
 *     {@code scratch} and {@code spec}
 * @param top the digest of its index, or of its manifest where there is no index; empty for {@code
 *     scratch} and {@code spec}
 * @param task the task class whose image it is, for {@code spec}; else empty
 * @param platforms what it is on each platform: the manifest's digest, {@code scratch}, or the
 *     fingerprint of the other task's image
 */
public record Base(
    String name,
    Optional<Repository> source,
    Optional<Digest> top,
    Optional<String> task,
    Map<Platform, String> platforms) {

  private static final String SPEC = "spec";

  public Base {
    platforms = Collections.unmodifiableMap(new TreeMap<>(platforms));
  }

  /** No base: an empty file system. */
  static Base scratch(Collection<Platform> platforms) {
    Map<Platform, String> words = new TreeMap<>();
    platforms.forEach(platform -> words.put(platform, Manifest.SCRATCH));
    return new Base(Manifest.SCRATCH, Optional.empty(), Optional.empty(), Optional.empty(), words);
  }

  /**
   * The image of another task. Not its bytes but its fingerprint stands in this one's: it need not
   * be built to know what an image on it is.
   */
  static Base of(ResolvedSpec other, Collection<Platform> platforms) {
    Map<Platform, String> fingerprints = new TreeMap<>();
    platforms.forEach(platform -> fingerprints.put(platform, other.fingerprint().toString()));
    return new Base(
        SPEC, Optional.empty(), Optional.empty(), Optional.of(other.draft().task()), fingerprints);
  }

  /** The manifest of the base on a platform; empty for {@code scratch} and {@code spec}. */
  public Optional<Digest> manifest(Platform platform) {
    return source.map(repository -> Digest.parse(String.valueOf(platforms.get(platform))));
  }
}
