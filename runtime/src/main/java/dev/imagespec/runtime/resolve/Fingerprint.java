package dev.imagespec.runtime.resolve;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The identity of an image's inputs: SHA-256 over their canonical form, which {@code
 * docs/fingerprint.md} defines. Registry, repository and task class are not inputs.
 *
 * @param digest the hash
 */
public record Fingerprint(Digest digest) {
  /**
   * The version of the canonical form and of everything else that decides an image's bytes. It is
   * part of the tag, so a new version never matches images of an old one. Until the first release,
   * the form may change within it: then the hashes differ.
   */
  static final int FORMAT = 1;

  private static final int TAG_DIGITS = 32;

  /**
   * The fingerprint of an image.
   *
   * @param base the base, resolved for every platform of the image
   * @param environments the environments built on the base, one for each platform
   * @param layers the payload's layers, lowest first
   * @param config what the payload sets in the configuration
   */
  static Fingerprint of(
      Base base,
      Map<Platform, Environment> environments,
      List<Layer> layers,
      PayloadConfig config) {
    String form = canonical(base, environments, layers, config);
    return new Fingerprint(Digest.of(form.getBytes(StandardCharsets.UTF_8)));
  }

  static String canonical(
      Base base,
      Map<Platform, Environment> environments,
      List<Layer> layers,
      PayloadConfig config) {
    Map<String, Object> platforms = new TreeMap<>();
    base.platforms()
        .forEach(platform -> platforms.put(platform.toString(), base.identity(platform)));
    Map<String, Object> steps = new TreeMap<>();
    environments.forEach(
        (platform, environment) -> steps.put(platform.toString(), environment.digest().toString()));
    Map<String, Object> payload = config.toJson();
    payload.put("layers", layers.stream().map(Fingerprint::layer).toList());
    return Json.canonical(
        Map.of(
            "format",
            FORMAT,
            "base",
            Map.of("name", base.name(), "platforms", platforms),
            "environment",
            steps,
            "payload",
            payload));
  }

  // By digest: many images have the same layer, and one of a class path may have thousands of
  // files.
  private static Map<String, Object> layer(Layer layer) {
    return Map.of("name", layer.name(), "digest", layer.inputDigest().toString());
  }

  /** The tag of an image with these inputs: {@code is1-} and 32 hex digits. */
  public String tag() {
    return "is" + FORMAT + "-" + digest.hex().substring(0, TAG_DIGITS);
  }

  /** The 64 hex digits. */
  @Override
  public String toString() {
    return digest.hex();
  }
}
