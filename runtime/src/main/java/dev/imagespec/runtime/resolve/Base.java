package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.registry.RemoteRepository;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A base image, resolved for the platforms that an image is for.
 *
 * @param name the reference in its normal form, or {@code scratch}
 * @param source the repository that its bytes come from (a mirror's, where one is set); empty for
 *     {@code scratch}
 * @param platforms the manifest's digest on each platform; for {@code scratch}, the word itself
 */
public record Base(
    String name, Optional<RemoteRepository> source, Map<Platform, String> platforms) {

  public Base {
    platforms = Collections.unmodifiableMap(new TreeMap<>(platforms));
  }

  /** No base: an empty file system. */
  static Base scratch(Collection<Platform> platforms) {
    Map<Platform, String> words = new TreeMap<>();
    platforms.forEach(platform -> words.put(platform, Manifest.SCRATCH));
    return new Base(Manifest.SCRATCH, Optional.empty(), words);
  }

  /** The manifest of the base on a platform; empty for {@code scratch}. */
  public Optional<Digest> manifest(Platform platform) {
    return source.map(repository -> Digest.parse(String.valueOf(platforms.get(platform))));
  }
}
