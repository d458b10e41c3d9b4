package dev.imagespec.runtime.compose;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.registry.RemoteManifest;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.resolve.Environment;
import dev.imagespec.runtime.resolve.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Composes images: a base's manifest, the payload's layers, a configuration. Always an OCI image,
 * whatever the base is; an index where there is more than one platform.
 */
public final class ImageComposer {
  /** Container runtimes stack layers as overlay mounts, and refuse more. */
  private static final int MAX_LAYERS = 127;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final BaseImages bases;
  private final LayerBuilder layers;

  public ImageComposer(BaseImages bases, LayerBuilder layers) {
    this.bases = bases;
    this.layers = layers;
  }

  /**
   * Composes one image.
   *
   * @param environments where the environments are that it stands on
   * @throws ImageSpecException if its base or a file of it is not what it was resolved to
   */
  public ComposedImage compose(PlannedImage plan, Environments environments) {
    List<BuiltLayer> payload = new ArrayList<>();
    for (Layer layer : plan.spec().draft().layers()) {
      payload.add(layers.build(layer));
    }
    Base base = plan.spec().base();
    Map<Digest, ComposedImage.Blob> blobs = new LinkedHashMap<>();
    Map<Digest, ComposedImage.Blob> configs = new LinkedHashMap<>();
    Map<Platform, RemoteManifest> manifests = new LinkedHashMap<>();
    for (Platform platform : base.platforms().keySet()) {
      BaseManifest below = bases.get(base, platform);
      Environment environment = plan.spec().environments().get(platform);
      if (environment != null) {
        below = bases.withSteps(below, platform, environments.get(environment));
      }
      Optional<Repository> origin = below.source();
      if (below.layers().size() + payload.size() > MAX_LAYERS) {
        throw new ImageSpecException(
            FailureCode.BASE_UNUSABLE,
            "The base image "
                + base.name()
                + " has "
                + below.layers().size()
                + " layers; with the payload's that is more than the "
                + MAX_LAYERS
                + " that container runtimes take.");
      }
      below
          .layers()
          .forEach(
              layer ->
                  blobs.putIfAbsent(
                      layer.blob().digest(), new ComposedImage.Blob(layer.blob(), origin)));
      payload.forEach(layer -> add(blobs, layer.blob()));
      BlobSource config =
          BlobSource.of(
              bytes(
                  ConfigComposer.compose(
                      below, plan.spec().draft().config(), payload, plan.fingerprint())));
      add(configs, config);
      manifests.put(platform, manifest(below, payload, config));
    }
    configs.forEach(blobs::putIfAbsent);
    List<RemoteManifest> children = List.copyOf(manifests.values());
    boolean single = children.size() == 1;
    return new ComposedImage(
        plan,
        single ? List.of() : children,
        single ? children.get(0) : index(manifests),
        List.copyOf(blobs.values()));
  }

  private static void add(Map<Digest, ComposedImage.Blob> blobs, BlobSource blob) {
    blobs.putIfAbsent(blob.digest(), new ComposedImage.Blob(blob, Optional.empty()));
  }

  private static RemoteManifest manifest(
      BaseManifest base, List<BuiltLayer> payload, BlobSource config) {
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("schemaVersion", 2);
    manifest.put("mediaType", MediaTypes.MANIFEST);
    manifest.set("config", descriptor(MediaTypes.CONFIG, config.digest(), config.size()));
    ArrayNode list = manifest.putArray("layers");
    base.layers().forEach(layer -> list.add(layer.descriptor()));
    payload.forEach(
        layer ->
            list.add(
                descriptor(MediaTypes.LAYER_GZIP, layer.blob().digest(), layer.blob().size())));
    return RemoteManifest.of(MediaTypes.MANIFEST, bytes(manifest));
  }

  private static RemoteManifest index(Map<Platform, RemoteManifest> manifests) {
    ObjectNode index = JSON.createObjectNode();
    index.put("schemaVersion", 2);
    index.put("mediaType", MediaTypes.INDEX);
    ArrayNode list = index.putArray("manifests");
    manifests.forEach(
        (platform, manifest) -> {
          ObjectNode descriptor =
              descriptor(manifest.mediaType(), manifest.digest(), manifest.bytes().length);
          ObjectNode node = descriptor.putObject("platform");
          node.put("architecture", platform.architecture());
          node.put("os", platform.os());
          if (!platform.variant().isEmpty()) {
            node.put("variant", platform.variant());
          }
          list.add(descriptor);
        });
    return RemoteManifest.of(MediaTypes.INDEX, bytes(index));
  }

  private static ObjectNode descriptor(String mediaType, Digest digest, long size) {
    ObjectNode descriptor = JSON.createObjectNode();
    descriptor.put("mediaType", mediaType);
    descriptor.put("digest", digest.toString());
    descriptor.put("size", size);
    return descriptor;
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes can always be written", e);
    }
  }
}
