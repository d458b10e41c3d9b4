package dev.imagespec.runtime.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.RemoteManifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides whether the image that a tag names already is the one that was to be pushed. It is, if
 * the configurations are equal: they hold the diff IDs of all layers, so the files are equal, too.
 * Only the compressed bytes may differ, as zlib's versions do.
 */
final class Adoption {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RegistryClient registry;

  Adoption(RegistryClient registry) {
    this.registry = registry;
  }

  /**
   * The digest of the equal image in the repository.
   *
   * @return empty if the tag names nothing
   * @throws ImageSpecException with {@link FailureCode#TAG_IMMUTABLE} if the tag names another
   *     image; the message says how they differ
   */
  Optional<Digest> adopt(ComposedImage image) {
    Repository repository = image.plan().repository();
    Optional<RemoteManifest> existing = registry.manifests().get(repository, image.plan().tag());
    if (existing.isEmpty() || existing.get().digest().equals(image.top().digest())) {
      return existing.map(RemoteManifest::digest);
    }
    try {
      Map<String, Digest> there = configs(repository, existing.get());
      Map<String, Digest> here = new TreeMap<>();
      for (RemoteManifest manifest : manifests(image)) {
        here.put("image " + (here.size() + 1), config(manifest));
      }
      if (there.equals(here)) {
        return existing.map(RemoteManifest::digest);
      }
      throw new ImageSpecException(
          FailureCode.TAG_IMMUTABLE,
          "The tag "
              + image.plan()
              + " names another image than the one built from the same inputs: "
              + difference(repository, there, here, image)
              + ". Delete the tag to push this one, or find out what built the other.");
    } catch (IOException | IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.TAG_IMMUTABLE,
          "The tag " + image.plan() + " names something that cannot be read: " + e.getMessage(),
          e);
    }
  }

  private Map<String, Digest> configs(Repository repository, RemoteManifest top)
      throws IOException {
    Map<String, Digest> configs = new TreeMap<>();
    JsonNode json = JSON.readTree(top.bytes());
    if (!json.has("manifests")) {
      configs.put("image 1", config(top));
      return configs;
    }
    for (JsonNode entry : json.get("manifests")) {
      String digest = entry.path("digest").asText();
      RemoteManifest child =
          registry
              .manifests()
              .get(repository, digest)
              .orElseThrow(() -> new IOException("its manifest " + digest + " is gone"));
      configs.put("image " + (configs.size() + 1), config(child));
    }
    return configs;
  }

  private static List<RemoteManifest> manifests(ComposedImage image) {
    return image.children().isEmpty() ? List.of(image.top()) : image.children();
  }

  private static Digest config(RemoteManifest manifest) throws IOException {
    return Digest.parse(JSON.readTree(manifest.bytes()).path("config").path("digest").asText());
  }

  /** Names the fields of the first differing configuration that differ. */
  private String difference(
      Repository repository,
      Map<String, Digest> there,
      Map<String, Digest> here,
      ComposedImage image)
      throws IOException {
    for (Map.Entry<String, Digest> entry : here.entrySet()) {
      Digest other = there.get(entry.getKey());
      if (other == null) {
        return "it has fewer platforms";
      }
      if (!other.equals(entry.getValue())) {
        JsonNode mine = configOf(image, entry.getValue());
        JsonNode theirs = JSON.readTree(registry.blobs().read(repository, other, -1));
        List<String> fields = new ArrayList<>();
        compare("", mine, theirs, fields);
        return "their configurations differ in " + String.join(", ", fields);
      }
    }
    return "it has more platforms";
  }

  private static JsonNode configOf(ComposedImage image, Digest digest) throws IOException {
    for (ComposedImage.Blob blob : image.blobs()) {
      if (blob.source().digest().equals(digest)) {
        return JSON.readTree(blob.source().open());
      }
    }
    throw new IOException("the configuration " + digest + " is not at hand");
  }

  private static void compare(String path, JsonNode a, JsonNode b, List<String> fields) {
    if (a.equals(b)) {
      return;
    }
    if (a.isObject() && b.isObject()) {
      TreeMap<String, Boolean> names = new TreeMap<>();
      a.fieldNames().forEachRemaining(name -> names.put(name, true));
      b.fieldNames().forEachRemaining(name -> names.put(name, true));
      String prefix = path.isEmpty() ? "" : path + ".";
      names.keySet().forEach(name -> compare(prefix + name, a.path(name), b.path(name), fields));
    } else {
      fields.add(path);
    }
  }
}
