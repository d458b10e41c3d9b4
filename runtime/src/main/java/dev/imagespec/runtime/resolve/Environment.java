package dev.imagespec.runtime.resolve;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A base with its steps run, on one platform. Its inputs identify it, not its bytes: a step that
 * runs twice gives other bytes, and what was registered must not change by that.
 *
 * @param platform the platform
 * @param base the digest of the base's manifest, or the fingerprint of the other task's image
 * @param steps the steps
 * @param rebuild how often somebody had it built anew; each time makes it another environment
 */
public record Environment(Platform platform, String base, Steps steps, int rebuild) {
  /** The version of the canonical form. What the steps execute is in the form itself. */
  static final int FORMAT = 1;

  private static final int TAG_DIGITS = 32;

  /** SHA-256 over the canonical form, which {@code docs/fingerprint.md} defines. */
  public Digest digest() {
    return Digest.of(canonical().getBytes(StandardCharsets.UTF_8));
  }

  String canonical() {
    return Json.canonical(
        Map.of(
            "format",
            FORMAT,
            "platform",
            platform.toString(),
            "base",
            base,
            "steps",
            steps.toJson(),
            "rebuild",
            rebuild));
  }

  /** Its tag: {@code env1-} and 32 hex digits. */
  public String tag() {
    return "env" + FORMAT + "-" + digest().hex().substring(0, TAG_DIGITS);
  }

  /** What the lock counts its rebuilds under: the tag that it had before the first one. */
  String key() {
    return rebuilt(0).tag();
  }

  Environment rebuilt(int times) {
    return new Environment(platform, base, steps, times);
  }

  /**
   * A text that is the same for the same base and first step. It decides where the environment is
   * built: environments that start alike share a builder's cache.
   */
  public String prefix() {
    return platform + " " + base + " " + steps.first();
  }
}
