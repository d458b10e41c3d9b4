package dev.imagespec.testkit;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Repositories with their manifests, tags and blobs, in memory. */
final class ImageStore {
  /** A manifest as it was pushed. */
  @SuppressWarnings("ArrayRecordComponent") // compared by its digest alone
  record StoredManifest(String mediaType, byte[] bytes, Digest digest) {}

  /** One repository. */
  static final class Repository {
    final String name;
    String mutability;
    List<String> exclusions = List.of();
    final Map<String, Object> settings = new TreeMap<>();
    final Map<String, Digest> tags = new TreeMap<>();
    final Map<Digest, StoredManifest> manifests = new LinkedHashMap<>();
    final Map<Digest, byte[]> blobs = new LinkedHashMap<>();
    final Map<Digest, Instant> pushed = new HashMap<>();
    final Map<Digest, Map<String, Integer>> scans = new HashMap<>();
    final java.util.Set<Digest> archived = new java.util.HashSet<>();

    Repository(String name, boolean mutable) {
      this.name = name;
      this.mutability = mutable ? "MUTABLE" : "IMMUTABLE";
    }

    boolean mayMove(String tag) {
      boolean excluded =
          exclusions.stream()
              .anyMatch(filter -> tag.matches("\\Q" + filter.replace("*", "\\E.*\\Q") + "\\E"));
      return mutability.startsWith("IMMUTABLE") == excluded;
    }

    Optional<StoredManifest> find(String reference) {
      Digest digest =
          reference.startsWith("sha256:") ? Digest.parse(reference) : tags.get(reference);
      return Optional.ofNullable(digest)
          .filter(found -> !archived.contains(found))
          .map(manifests::get);
    }
  }

  private final Map<String, Repository> repositories = new TreeMap<>();
  private boolean takesIncomplete;

  /** Takes manifests from now on whose blobs are not there. */
  synchronized void takeIncomplete() {
    takesIncomplete = true;
  }

  synchronized Optional<Repository> get(String name) {
    return Optional.ofNullable(repositories.get(name));
  }

  /** Creates a repository. Returns empty if it already exists. */
  synchronized Optional<Repository> create(String name, boolean mutable) {
    if (repositories.containsKey(name)) {
      return Optional.empty();
    }
    Repository repository = new Repository(name, mutable);
    repositories.put(name, repository);
    return Optional.of(repository);
  }

  synchronized List<String> names() {
    return List.copyOf(repositories.keySet());
  }

  synchronized boolean delete(String name) {
    return repositories.remove(name) != null;
  }

  /** Why a push was refused: an error code of the OCI distribution specification, and a message. */
  record Refusal(int status, String code, String message) {}

  synchronized Optional<Refusal> put(
      Repository repository, String reference, StoredManifest manifest) {
    Map<?, ?> json;
    try {
      json =
          (Map<?, ?>)
              Json.parse(new String(manifest.bytes(), java.nio.charset.StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | ClassCastException e) {
      return refuse(400, "MANIFEST_INVALID", "manifest invalid: " + e.getMessage());
    }
    if (!(json.get("mediaType") instanceof String type)) {
      return refuse(
          405,
          "UNSUPPORTED",
          "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'");
    }
    if (type.contains(";") || !type.equals(manifest.mediaType())) {
      return refuse(405, "UNSUPPORTED", "The media type " + type + " is not supported");
    }
    for (Digest digest : references(json, "manifests")) {
      if (!repository.manifests.containsKey(digest)) {
        return refuse(404, "MANIFEST_BLOB_UNKNOWN", "the manifest " + digest + " is not there");
      }
    }
    for (Digest digest : blobs(json)) {
      if (!takesIncomplete && !repository.blobs.containsKey(digest)) {
        return refuse(404, "BLOB_UNKNOWN", "the layer " + digest + " is not there");
      }
    }
    boolean byDigest = reference.startsWith("sha256:");
    if (byDigest && !reference.equals(manifest.digest().toString())) {
      return refuse(400, "DIGEST_INVALID", "the manifest has another digest");
    }
    if (!byDigest) {
      if (repository.tags.containsKey(reference) && !repository.mayMove(reference)) {
        return refuse(
            400,
            "TAG_INVALID",
            "The image tag '"
                + reference
                + "' already exists in the '"
                + repository.name
                + "' repository and cannot be overwritten because the tag is immutable.");
      }
      repository.tags.put(reference, manifest.digest());
    }
    // Pushing an archived image restores it.
    repository.archived.remove(manifest.digest());
    repository.manifests.put(manifest.digest(), manifest);
    repository.pushed.putIfAbsent(manifest.digest(), Instant.now());
    return Optional.empty();
  }

  /** Whether a committed manifest refers to the blob. Amazon ECR mounts no other blobs. */
  synchronized boolean isCommitted(Repository repository, Digest blob) {
    return repository.manifests.values().stream()
        .anyMatch(
            manifest ->
                new String(manifest.bytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .contains(blob.toString()));
  }

  /** The media type in a manifest. */
  static String mediaType(byte[] manifest) {
    try {
      return Json.parse(new String(manifest, java.nio.charset.StandardCharsets.UTF_8))
                  instanceof Map<?, ?> json
              && json.get("mediaType") instanceof String type
          ? type
          : "";
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static Optional<Refusal> refuse(int status, String code, String message) {
    return Optional.of(new Refusal(status, code, message));
  }

  private static List<Digest> blobs(Map<?, ?> manifest) {
    List<Digest> digests = new ArrayList<>(references(manifest, "layers"));
    if (manifest.get("config") instanceof Map<?, ?> config
        && config.get("digest") instanceof String digest) {
      digests.add(Digest.parse(digest));
    }
    return digests;
  }

  private static List<Digest> references(Map<?, ?> manifest, String key) {
    List<Digest> digests = new ArrayList<>();
    if (manifest.get(key) instanceof List<?> list) {
      for (Object entry : list) {
        if (entry instanceof Map<?, ?> map && map.get("digest") instanceof String digest) {
          digests.add(Digest.parse(digest));
        }
      }
    }
    return digests;
  }
}
