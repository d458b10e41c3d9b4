package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Platform;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A task's image with everything that decides its bytes.
 *
 * @param draft the draft it was made from
 * @param base the base, by digest
 * @param environments the environments built on the base, by platform; empty if it has no steps
 * @param fingerprint the identity of all inputs
 */
public record ResolvedSpec(
    Draft draft, Base base, Map<Platform, Environment> environments, Fingerprint fingerprint) {
  public ResolvedSpec {
    environments = Collections.unmodifiableMap(new TreeMap<>(environments));
  }
}
