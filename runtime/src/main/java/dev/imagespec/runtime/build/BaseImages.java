package dev.imagespec.runtime.build;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.RemoteManifest;
import dev.imagespec.runtime.registry.RemoteRepository;
import dev.imagespec.runtime.resolve.Base;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads bases' manifests and configurations, each once per registration. Layers are not read here.
 */
final class BaseImages {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RegistryClient registry;
  private final Map<String, BaseManifest> read = new ConcurrentHashMap<>();

  BaseImages(RegistryClient registry) {
    this.registry = registry;
  }

  /**
   * The base on a platform.
   *
   * @throws ImageSpecException if it is gone, or of a form that nothing can be put on
   */
  BaseManifest get(Base base, Platform platform) {
    Optional<Digest> digest = base.manifest(platform);
    if (digest.isEmpty() || base.source().isEmpty()) {
      return scratch(base.name(), platform);
    }
    RemoteRepository source = base.source().get();
    return read.computeIfAbsent(
        base.name() + " " + source + " " + digest.get(),
        key -> read(base.name(), source, digest.get()));
  }

  private BaseManifest read(String name, RemoteRepository source, Digest digest) {
    RemoteManifest manifest =
        registry
            .manifest(source, digest.toString())
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.BASE_NOT_FOUND,
                        "The base image "
                            + name
                            + " is locked to "
                            + digest
                            + ", which "
                            + source
                            + " no longer has. Refresh the lock with `imagespec lock`."));
    try {
      JsonNode json = JSON.readTree(manifest.bytes());
      JsonNode descriptor = json.path("config");
      byte[] bytes =
          registry.smallBlob(
              source,
              Digest.parse(descriptor.path("digest").asText()),
              descriptor.path("size").asLong());
      if (!(JSON.readTree(bytes) instanceof ObjectNode config)) {
        throw new IOException("its configuration is no JSON object");
      }
      List<BaseManifest.BaseLayer> layers = new ArrayList<>();
      for (JsonNode layer : json.path("layers")) {
        layers.add(layer(name, source, layer));
      }
      check(name, config, layers.size());
      return new BaseManifest(
          name, Optional.of(digest), Optional.of(source), List.copyOf(layers), config);
    } catch (IOException | IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The base image " + name + "@" + digest + " cannot be read: " + e.getMessage() + ".",
          e);
    }
  }

  private BaseManifest.BaseLayer layer(String name, RemoteRepository source, JsonNode layer) {
    Digest digest = Digest.parse(layer.path("digest").asText());
    long size = layer.path("size").asLong();
    ObjectNode descriptor = JSON.createObjectNode();
    descriptor.put("mediaType", MediaTypes.ofLayer(layer.path("mediaType").asText(), name));
    descriptor.put("digest", digest.toString());
    descriptor.put("size", size);
    if (layer.has("urls")) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The base image "
              + name
              + " has a layer whose bytes stand outside its registry; use another base image.");
    }
    if (layer.has("annotations")) {
      descriptor.set("annotations", layer.get("annotations"));
    }
    return new BaseManifest.BaseLayer(descriptor, registry.remoteBlob(source, digest, size));
  }

  private static void check(String name, ObjectNode config, int layers) {
    int diffIds = config.path("rootfs").path("diff_ids").size();
    if (diffIds != layers) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The base image "
              + name
              + " has "
              + layers
              + " layers but "
              + diffIds
              + " diff IDs; use another base image.");
    }
    if (!config.path("config").path("OnBuild").isEmpty()) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The base image "
              + name
              + " has ONBUILD steps, which only a Dockerfile build runs; use a base image without them.");
    }
  }

  private static BaseManifest scratch(String name, Platform platform) {
    ObjectNode config = JSON.createObjectNode();
    config.put("architecture", platform.architecture());
    config.put("os", platform.os());
    if (!platform.variant().isEmpty()) {
      config.put("variant", platform.variant());
    }
    config.putObject("config");
    config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
    config.putArray("history");
    return new BaseManifest(name, Optional.empty(), Optional.empty(), List.of(), config);
  }
}
