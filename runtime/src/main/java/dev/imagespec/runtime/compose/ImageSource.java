package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.registry.RegistryClient;
import java.util.Optional;

/** Where an image is read from: a repository, or this machine. */
interface ImageSource {
  /** The repository that has the image, or would have it if it were pushed. */
  Repository repository();

  /**
   * A manifest or index.
   *
   * @param tag the tag that led to it; empty if there was none
   */
  Optional<RawManifest> manifest(Digest digest, String tag);

  /** A layer. */
  BlobSource layer(Digest digest, long size);

  /** A configuration. */
  byte[] config(Digest digest, long size);

  /** An image in a repository. */
  static ImageSource of(RegistryClient registry, Repository repository) {
    return new ImageSource() {
      @Override
      public Repository repository() {
        return repository;
      }

      @Override
      public Optional<RawManifest> manifest(Digest digest, String tag) {
        return registry.manifests().getCached(repository, digest, tag);
      }

      @Override
      public BlobSource layer(Digest digest, long size) {
        return registry.blobs().source(repository, digest, size);
      }

      @Override
      public byte[] config(Digest digest, long size) {
        return registry.blobs().read(repository, digest, size);
      }
    };
  }
}
