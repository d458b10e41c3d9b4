package dev.imagespec.testkit;

import static dev.imagespec.testkit.JsonApi.text;

import dev.imagespec.model.Digest;
import dev.imagespec.testkit.ImageStore.Repository;
import dev.imagespec.testkit.ImageStore.StoredManifest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Pushes through the API instead of the registry: layers in parts, and manifests. */
final class LayerApi {
  private static final long PART = 20_971_520;

  private final ImageStore store;
  private final String account;
  private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();

  LayerApi(ImageStore store, String account) {
    this.store = store;
    this.account = account;
  }

  Map<String, Object> initiate() {
    String id = UUID.randomUUID().toString();
    uploads.put(id, new ByteArrayOutputStream());
    return Map.of("uploadId", id, "partSize", PART);
  }

  Map<String, Object> part(Repository repository, Map<?, ?> request) {
    String id = text(request, "uploadId");
    ByteArrayOutputStream upload = upload(id);
    upload.writeBytes(Base64.getDecoder().decode(text(request, "layerPartBlob")));
    return Map.of(
        "registryId",
        account,
        "repositoryName",
        repository.name,
        "uploadId",
        id,
        "lastByteReceived",
        upload.size() - 1);
  }

  Map<String, Object> complete(Repository repository, Map<?, ?> request) {
    String id = text(request, "uploadId");
    byte[] bytes = upload(id).toByteArray();
    Digest digest = Digest.of(bytes);
    if (!(request.get("layerDigests") instanceof List<?> digests)
        || !digests.contains(digest.toString())) {
      throw new ApiException("InvalidLayerException", "The layer has another digest: " + digest);
    }
    if (repository.blobs.putIfAbsent(digest, bytes) != null) {
      throw new ApiException("LayerAlreadyExistsException", "The layer exists: " + digest);
    }
    uploads.remove(id);
    return Map.of(
        "registryId",
        account,
        "repositoryName",
        repository.name,
        "uploadId",
        id,
        "layerDigest",
        digest.toString());
  }

  Map<String, Object> putImage(Repository repository, Map<?, ?> request) {
    byte[] bytes = text(request, "imageManifest").getBytes(StandardCharsets.UTF_8);
    Digest digest = Digest.of(bytes);
    String type = text(request, "imageManifestMediaType");
    String tag = text(request, "imageTag");
    StoredManifest manifest =
        new StoredManifest(type.isEmpty() ? ImageStore.mediaType(bytes) : type, bytes, digest);
    if (digest.equals(repository.tags.get(tag))) {
      throw new ApiException(
          "ImageAlreadyExistsException", "Image with digest '" + digest + "' already exists");
    }
    store
        .put(repository, tag.isEmpty() ? digest.toString() : tag, manifest)
        .ifPresent(
            refusal -> {
              throw new ApiException(
                  switch (refusal.code()) {
                    case "TAG_INVALID" -> "ImageTagAlreadyExistsException";
                    case "BLOB_UNKNOWN" -> "LayersNotFoundException";
                    default -> "InvalidParameterException";
                  },
                  refusal.message());
            });
    return Map.of(
        "image",
        Map.of(
            "registryId",
            account,
            "repositoryName",
            repository.name,
            "imageId",
            tag.isEmpty()
                ? Map.of("imageDigest", digest.toString())
                : Map.of("imageDigest", digest.toString(), "imageTag", tag),
            "imageManifest",
            new String(bytes, StandardCharsets.UTF_8),
            "imageManifestMediaType",
            manifest.mediaType()));
  }

  private ByteArrayOutputStream upload(String id) {
    ByteArrayOutputStream upload = uploads.get(id);
    if (upload == null) {
      throw new ApiException("UploadNotFoundException", "The upload could not be found: " + id);
    }
    return upload;
  }
}
