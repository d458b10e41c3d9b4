package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a base reference stood for when it was resolved.
 *
 * @param digest the digest of the index, or of the manifest if there is no index
 * @param platforms the digest of each platform's manifest
 */
public record LockedBase(Digest digest, Map<Platform, Digest> platforms) {
  public LockedBase {
    platforms = Collections.unmodifiableMap(new TreeMap<>(platforms));
  }
}
