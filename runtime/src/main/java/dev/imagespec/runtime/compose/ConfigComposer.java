package dev.imagespec.runtime.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.runtime.resolve.Fingerprint;
import dev.imagespec.runtime.resolve.PayloadConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts a payload's configuration on a base's, by the OCI image configuration specification. Fields
 * that are not known here survive.
 */
final class ConfigComposer {
  private static final String EPOCH = "1970-01-01T00:00:00Z";

  private ConfigComposer() {}

  /** The image's configuration. */
  static ObjectNode compose(
      BaseManifest base, PayloadConfig payload, List<BuiltLayer> layers, Fingerprint fingerprint) {
    ObjectNode image = base.config().deepCopy();
    image.put("created", EPOCH);
    ObjectNode config =
        image.get("config") instanceof ObjectNode object ? object : image.putObject("config");
    set(config, payload);
    setEnv(config, payload.env());
    labels(base, payload, fingerprint)
        .forEach((key, value) -> object(config, "Labels").put(key, value));

    boolean hasHistory = historyMatches(image, base.layers().size());
    if (!hasHistory) {
      // It is optional, and one that does not match the layers says nothing.
      image.remove("history");
    }
    ArrayNode diffIds = (ArrayNode) image.get("rootfs").get("diff_ids");
    for (BuiltLayer layer : layers) {
      diffIds.add(layer.diffId().toString());
      if (hasHistory) {
        ObjectNode entry = ((ArrayNode) image.get("history")).addObject();
        entry.put("created", EPOCH);
        entry.put("created_by", "imagespec");
        entry.put("comment", layer.name());
      }
    }
    return image;
  }

  private static void set(ObjectNode config, PayloadConfig payload) {
    if (!payload.entrypoint().isEmpty()) {
      payload.entrypoint().forEach(config.putArray("Entrypoint")::add);
      // The base's arguments were meant for the base's entrypoint.
      config.remove("Cmd");
    }
    if (!payload.args().isEmpty()) {
      payload.args().forEach(config.putArray("Cmd")::add);
    }
    payload.ports().forEach(port -> object(config, "ExposedPorts").putObject(port));
    payload.volumes().forEach(volume -> object(config, "Volumes").putObject(volume));
    if (!payload.workingDirectory().isEmpty()) {
      config.put("WorkingDir", payload.workingDirectory());
    }
    if (!payload.user().isEmpty()) {
      config.put("User", payload.user());
    }
  }

  /** A variable that the base has keeps its place; others follow, by name. */
  private static void setEnv(ObjectNode config, Map<String, String> env) {
    if (env.isEmpty()) {
      return;
    }
    Map<String, String> all = new LinkedHashMap<>();
    for (JsonNode entry : config.path("Env")) {
      String text = entry.asText();
      int equals = text.indexOf('=');
      all.put(equals < 0 ? text : text.substring(0, equals), text);
    }
    env.forEach((name, value) -> all.put(name, name + "=" + value));
    all.values().forEach(config.putArray("Env")::add);
  }

  private static Map<String, String> labels(
      BaseManifest base, PayloadConfig payload, Fingerprint fingerprint) {
    Map<String, String> labels = new TreeMap<>();
    base.digest()
        .ifPresent(
            digest -> {
              labels.put("org.opencontainers.image.base.name", base.name());
              labels.put("org.opencontainers.image.base.digest", digest.toString());
            });
    labels.putAll(payload.labels());
    labels.put("dev.imagespec.fingerprint", fingerprint.toString());
    return labels;
  }

  private static boolean historyMatches(ObjectNode image, int layers) {
    if (!(image.get("history") instanceof ArrayNode history)) {
      return false;
    }
    int withLayer = 0;
    for (JsonNode entry : history) {
      withLayer += entry.path("empty_layer").asBoolean() ? 0 : 1;
    }
    return withLayer == layers;
  }

  private static ObjectNode object(ObjectNode parent, String key) {
    return parent.get(key) instanceof ObjectNode object ? object : parent.putObject(key);
  }
}
