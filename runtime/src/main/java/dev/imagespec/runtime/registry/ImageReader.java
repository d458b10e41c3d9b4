package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageDocument;
import dev.imagespec.runtime.oci.ImageIndex;
import dev.imagespec.runtime.oci.ImageManifest;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.work.Sizes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads information about an image from its manifests. The OCI distribution protocol has no request
 * for it, and does not say when an image was pushed or what a scan found.
 */
public final class ImageReader {
  private final RegistryClient registry;

  public ImageReader(RegistryClient registry) {
    this.registry = registry;
  }

  /**
   * The image that a tag names.
   *
   * @return empty if the tag no longer exists
   * @throws ImageSpecException with {@link FailureCode#PROTOCOL} if its manifest cannot be read
   */
  public Optional<StoredImage> read(Repository repository, String tag) {
    return registry
        .manifests()
        .get(repository, tag)
        .map(
            manifest ->
                new StoredImage(
                    manifest.digest(),
                    List.of(tag),
                    Optional.empty(),
                    bytes(repository, tag, manifest),
                    false,
                    Optional.empty()));
  }

  /**
   * The total size of an image's blobs in bytes, each counted once; empty if one of its manifests
   * no longer exists.
   */
  private OptionalLong bytes(Repository repository, String tag, RawManifest top) {
    try {
      Map<Digest, Long> blobs = new HashMap<>();
      ImageDocument document = top.parse();
      if (document instanceof ImageManifest manifest) {
        addBlobs(manifest, blobs);
      }
      if (document instanceof ImageIndex index) {
        for (Descriptor entry : index.manifests()) {
          Optional<RawManifest> child =
              registry.manifests().get(repository, entry.digest().toString());
          if (child.isEmpty() || !(child.get().parse() instanceof ImageManifest manifest)) {
            return OptionalLong.empty();
          }
          addBlobs(manifest, blobs);
        }
      }
      return OptionalLong.of(blobs.values().stream().reduce(0L, Sizes::sum));
    } catch (InvalidDocumentException e) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          "The manifest of " + repository + ":" + tag + " cannot be read: " + e.getMessage() + ".",
          e);
    }
  }

  private static void addBlobs(ImageManifest manifest, Map<Digest, Long> blobs) {
    blobs.put(manifest.config().digest(), manifest.config().size());
    manifest.layers().forEach(layer -> blobs.put(layer.digest(), layer.size()));
  }
}
