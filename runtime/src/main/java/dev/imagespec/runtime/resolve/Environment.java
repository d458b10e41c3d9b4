package dev.imagespec.runtime.resolve;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A base with its steps run, for one platform. It is identified by its inputs, not its bytes:
 * running a step twice gives different bytes, which must not change what is registered.
 *
 * @param platform the platform
 * @param base the digest of the base's manifest, or the fingerprint of the other task's image
 * @param steps the steps
 * @param rebuild how often somebody asked for a rebuild; each number is another environment
 */
public record Environment(Platform platform, String base, Steps steps, int rebuild) {
  /** The version of the canonical form. What the steps execute is part of the form itself. */
  static final int FORMAT = 1;

  private static final int TAG_DIGITS = 32;

  /** SHA-256 over the canonical form, which {@code docs/fingerprint.md} defines. */
  public Digest digest() {
    return Digest.of(canonical().getBytes(StandardCharsets.UTF_8));
  }

  String canonical() {
    Map<String, Object> json =
        new TreeMap<>(
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
    if (!steps.files().isEmpty()) {
      json.put("files", steps.files().toJson());
    }
    return Json.canonical(json);
  }

  /** Its tag: {@code env1-} and 32 hex digits. */
  public String tag() {
    return "env" + FORMAT + "-" + digest().hex().substring(0, TAG_DIGITS);
  }

  /** Its key in the lock's count of rebuilds: the tag that it had before the first rebuild. */
  String key() {
    return rebuilt(0).tag();
  }

  Environment rebuilt(int times) {
    return new Environment(platform, base, steps, times);
  }

  /**
   * A text that is equal for the same base and first step. It decides where the environment is
   * built: environments that start alike share a builder's cache.
   */
  public String prefix() {
    return platform + " " + base + " " + steps.first();
  }
}
