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

  /** What Linux stacks at most; with more, no image runs. */
  private static final int MAX_LAYERS = 500;

  private final RegistryClient registry;
  private final Map<String, BaseManifest> read = new ConcurrentHashMap<>();
  private final Map<String, Registered> registered = new ConcurrentHashMap<>();

  private record Registered(RemoteRepository repository, Digest digest) {}

  BaseImages(RegistryClient registry) {
    this.registry = registry;
  }

  /** Takes note of a task's image, which others may be based on. */
  void register(String task, RemoteRepository repository, Digest digest) {
    registered.put(task, new Registered(repository, digest));
  }

  /**
   * The base on a platform.
   *
   * @throws ImageSpecException if it is gone, or of a form that nothing can be put on
   */
  BaseManifest get(Base base, Platform platform) {
    if (base.task().isPresent()) {
      return ofTask(base.task().get(), platform);
    }
    Optional<Digest> digest = base.manifest(platform);
    if (digest.isEmpty() || base.source().isEmpty()) {
      return scratch(base.name(), platform);
    }
    RemoteRepository source = base.source().get();
    return read.computeIfAbsent(
        base.name() + " " + source + " " + digest.get(),
        key -> read(base.name(), source, digest.get()));
  }

  /**
   * The image of another task. It gives no digest of its own to an image on it: that is known by
   * its inputs, and the same inputs may have other compressed bytes elsewhere.
   */
  private BaseManifest ofTask(String task, Platform platform) {
    Registered image = registered.get(task);
    if (image == null) {
      throw new ImageSpecException(
          FailureCode.BASE_NOT_FOUND,
          "Its base, the image of " + task + ", was not registered; see there.");
    }
    String name = "of " + task;
    BaseManifest whole =
        read.computeIfAbsent(
            task + " " + platform,
            key -> read(name, image.repository(), ofPlatform(name, image, platform)));
    return new BaseManifest(name, Optional.empty(), whole.source(), whole.layers(), whole.config());
  }

  private Digest ofPlatform(String name, Registered image, Platform platform) {
    RemoteManifest top =
        registry
            .manifest(image.repository(), image.digest().toString())
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.BASE_NOT_FOUND,
                        "The image "
                            + name
                            + " is no longer in "
                            + image.repository()
                            + ". Register again."));
    try {
      JsonNode json = JSON.readTree(top.bytes());
      if (!json.has("manifests")) {
        return image.digest();
      }
      for (JsonNode entry : json.get("manifests")) {
        JsonNode at = entry.path("platform");
        Platform other =
            new Platform(
                at.path("os").asText(),
                at.path("architecture").asText(),
                at.path("variant").asText(""));
        if (other.equals(platform)) {
          return Digest.parse(entry.path("digest").asText());
        }
      }
      throw new IOException("it is not for " + platform);
    } catch (IOException | IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The image " + name + " cannot be read: " + e.getMessage() + ".",
          e);
    }
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
      if (json.path("layers").size() > MAX_LAYERS) {
        throw new IOException(
            "it has " + json.path("layers").size() + " layers; overlayfs takes " + MAX_LAYERS);
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
    long size = layer.path("size").asLong(-1);
    if (size < 0) {
      throw new IllegalArgumentException("the layer " + digest + " has no size");
    }
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
