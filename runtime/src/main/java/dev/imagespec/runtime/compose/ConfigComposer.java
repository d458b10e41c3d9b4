package dev.imagespec.runtime.compose;

import dev.imagespec.runtime.oci.ImageConfig;
import dev.imagespec.runtime.oci.ImageConfigBuilder;
import dev.imagespec.runtime.resolve.Fingerprint;
import dev.imagespec.runtime.resolve.PayloadConfig;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Applies a payload's configuration to that of a base. */
final class ConfigComposer {
  /** What builders and container runtimes take for the PATH of an image that has none. */
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private ConfigComposer() {}

  /** The image's configuration. */
  static ImageConfig compose(
      BaseManifest base, PayloadConfig payload, List<BuiltLayer> layers, Fingerprint fingerprint) {
    Instant created =
        payload.creationTime().isEmpty() ? Instant.EPOCH : Instant.parse(payload.creationTime());
    ImageConfigBuilder image = base.config().toBuilder().created(created);
    if (!payload.entrypoint().isEmpty()) {
      image.entrypoint(payload.entrypoint());
    }
    if (!payload.args().isEmpty()) {
      image.command(payload.args());
    }
    payload.ports().forEach(image::port);
    payload.volumes().forEach(image::volume);
    if (!payload.workingDirectory().isEmpty()) {
      image.workingDirectory(payload.workingDirectory());
    }
    if (!payload.user().isEmpty()) {
      image.user(payload.user());
    }
    if (!payload.stopSignal().isEmpty()) {
      image.stopSignal(payload.stopSignal());
    }
    image.env(variables(base.config(), payload));
    labels(base, payload, fingerprint).forEach(image::label);
    layers.forEach(layer -> image.layer(layer.diffId(), created, layer.name()));
    return image.completeLayers().build();
  }

  private static Map<String, String> variables(ImageConfig base, PayloadConfig payload) {
    Map<String, String> all = new TreeMap<>(payload.env());
    payload
        .envPrepend()
        .forEach(
            (name, text) -> {
              String own = base.variable(name).orElse(name.equals("PATH") ? DEFAULT_PATH : "");
              all.put(name, own.isEmpty() ? text : text + ":" + own);
            });
    return all;
  }

  private static Map<String, String> labels(
      BaseManifest base, PayloadConfig payload, Fingerprint fingerprint) {
    Map<String, String> labels = new TreeMap<>(base.labels());
    labels.putAll(payload.labels());
    labels.put("dev.imagespec.fingerprint", fingerprint.toString());
    return labels;
  }
}
