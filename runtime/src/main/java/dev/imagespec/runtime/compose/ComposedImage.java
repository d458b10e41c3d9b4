package dev.imagespec.runtime.compose;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.registry.BlobSource;
import java.util.List;
import java.util.Optional;

/**
 * An image that is composed and ready to be pushed.
 *
 * @param plan the image as it was planned
 * @param children the platforms' manifests if the image is an index; else empty
 * @param top what the tag will name: a manifest or an index
 * @param blobs all its blobs, lowest layer first, configurations last
 * @param onNewEnvironment whether an environment that it is built on is new; another registration
 *     may have built the same, and then pushes an image of other bytes under this tag
 */
public record ComposedImage(
    PlannedImage plan,
    List<RawManifest> children,
    RawManifest top,
    List<Blob> blobs,
    boolean onNewEnvironment) {

  /** Its layers, of all platforms. Each platform has one configuration, which is no layer. */
  public List<BlobSource> layers() {
    return blobs.subList(0, Math.max(0, blobs.size() - Math.max(1, children.size()))).stream()
        .map(Blob::source)
        .toList();
  }

  /**
   * Whether a layer is as an earlier registration built it from the same inputs, and was not built
   * again to see that it still is.
   */
  public boolean isFromMemory() {
    return layers().stream().anyMatch(layer -> !layer.isCertain());
  }

  /**
   * A blob of an image.
   *
   * @param source its bytes
   * @param origin a repository that has it: the base's
   */
  public record Blob(BlobSource source, Optional<Repository> origin) {
    static Blob of(BaseManifest.BaseLayer layer) {
      return new Blob(layer.blob(), Optional.of(layer.origin()));
    }

    /** A blob that was made on this machine. */
    static Blob made(BlobSource source) {
      return new Blob(source, Optional.empty());
    }
  }
}
