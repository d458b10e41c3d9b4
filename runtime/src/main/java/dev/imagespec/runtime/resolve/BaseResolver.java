package dev.imagespec.runtime.resolve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.RemoteManifest;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Asks a registry what a base reference means now. */
final class BaseResolver {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RegistryClient registry;

  BaseResolver(RegistryClient registry) {
    this.registry = registry;
  }

  /**
   * The digests of a base.
   *
   * @param source the repository to ask, which is a mirror's where one is set
   * @throws ImageSpecException if the base does not exist or cannot be read
   */
  LockedBase resolve(ImageReference reference, Repository source) {
    RemoteManifest manifest =
        registry
            .manifests()
            .get(source, reference.manifestReference())
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.BASE_NOT_FOUND,
                        "The base image "
                            + reference
                            + " does not exist"
                            + from(reference, source)
                            + ". Correct baseImage, or push it first."));
    try {
      JsonNode json = JSON.readTree(manifest.bytes());
      Map<Platform, Digest> platforms = new TreeMap<>();
      if (json.has("manifests")) {
        for (JsonNode entry : json.get("manifests")) {
          readEntry(entry, platforms);
        }
      } else {
        platforms.put(platformOf(json, source), manifest.digest());
      }
      if (platforms.isEmpty()) {
        throw new ImageSpecException(
            FailureCode.BASE_UNUSABLE, "The base image " + reference + " has no platform.");
      }
      return new LockedBase(manifest.digest(), platforms);
    } catch (IOException | IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The manifest of base image "
              + reference
              + from(reference, source)
              + " cannot be read: "
              + (e instanceof JsonProcessingException json
                  ? json.getOriginalMessage()
                  : e.getMessage()),
          e);
    }
  }

  private static void readEntry(JsonNode entry, Map<Platform, Digest> platforms) {
    JsonNode platform = entry.path("platform");
    String os = platform.path("os").asText();
    String architecture = platform.path("architecture").asText();
    // Attestations stand in an index as images of the platform unknown/unknown.
    if (os.isEmpty() || architecture.isEmpty() || os.equals("unknown")) {
      return;
    }
    platforms.putIfAbsent(
        new Platform(os, architecture, platform.path("variant").asText()),
        Digest.parse(entry.path("digest").asText()));
  }

  /** The platform of an image without an index, which only its configuration knows. */
  private Platform platformOf(JsonNode manifest, Repository source) throws IOException {
    JsonNode descriptor = manifest.path("config");
    byte[] config =
        registry
            .blobs()
            .read(
                source,
                Digest.parse(descriptor.path("digest").asText()),
                descriptor.path("size").asLong());
    JsonNode json = JSON.readTree(config);
    return new Platform(
        json.path("os").asText(),
        json.path("architecture").asText(),
        json.path("variant").asText());
  }

  private static String from(ImageReference reference, Repository source) {
    return source.registry().equals(reference.registry()) ? "" : " in the mirror " + source;
  }
}
