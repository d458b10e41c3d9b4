package dev.imagespec.runtime.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds out by an image's manifests what the OCI distribution protocol has no question for. When it
 * was pushed and what a scan found stands in none.
 */
public final class ImageReader {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RegistryClient registry;

  public ImageReader(RegistryClient registry) {
    this.registry = registry;
  }

  /**
   * The image that a tag names.
   *
   * @return empty if the tag is gone
   * @throws ImageSpecException if its manifest cannot be read
   */
  public Optional<StoredImage> read(Repository repository, String tag) {
    return registry
        .manifests()
        .get(repository, tag)
        .map(
            manifest -> {
              Map<String, Long> blobs = new HashMap<>();
              boolean whole = addBlobs(repository, tag, manifest, blobs, true);
              return new StoredImage(
                  manifest.digest(),
                  List.of(tag),
                  Optional.empty(),
                  whole
                      ? OptionalLong.of(blobs.values().stream().mapToLong(size -> size).sum())
                      : OptionalLong.empty(),
                  false,
                  Optional.empty());
            });
  }

  /** Adds the sizes of an image's blobs, each once; says whether all are known. */
  private boolean addBlobs(
      Repository repository,
      String tag,
      RemoteManifest manifest,
      Map<String, Long> blobs,
      boolean mayHaveChildren) {
    try {
      JsonNode json = JSON.readTree(manifest.bytes());
      addBlob(json.path("config"), blobs);
      json.path("layers").forEach(layer -> addBlob(layer, blobs));
      boolean whole = mayHaveChildren || json.path("manifests").isEmpty();
      if (mayHaveChildren) {
        for (JsonNode entry : json.path("manifests")) {
          Digest digest = Digest.parse(entry.path("digest").asText());
          Optional<RemoteManifest> child = registry.manifests().get(repository, digest.toString());
          whole &= child.isPresent() && addBlobs(repository, tag, child.get(), blobs, false);
        }
      }
      return whole;
    } catch (IOException | IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          "The manifest of " + repository + ":" + tag + " cannot be read: " + e.getMessage() + ".",
          e);
    }
  }

  private static void addBlob(JsonNode descriptor, Map<String, Long> blobs) {
    if (descriptor.has("digest")) {
      blobs.put(descriptor.path("digest").asText(), Math.max(0, descriptor.path("size").asLong()));
    }
  }
}
