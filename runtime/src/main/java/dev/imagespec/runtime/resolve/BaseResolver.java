package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageConfig;
import dev.imagespec.runtime.oci.ImageDocument;
import dev.imagespec.runtime.oci.ImageIndex;
import dev.imagespec.runtime.oci.ImageManifest;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.RegistryClient;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;

/** Resolves a base reference: asks a registry what it names now. */
final class BaseResolver {
  private final RegistryClient registry;

  BaseResolver(RegistryClient registry) {
    this.registry = registry;
  }

  /**
   * The digests of a base.
   *
   * @param source the repository to ask: a mirror's, if one is set
   * @throws ImageSpecException with {@link FailureCode#BASE_NOT_FOUND} if the base does not exist;
   *     with {@link FailureCode#BASE_UNUSABLE} if it is not an image, or has no platform
   */
  LockedBase resolve(ImageReference reference, Repository source) {
    RawManifest manifest =
        read(reference, source)
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
      Map<Platform, Digest> platforms = platforms(manifest, source);
      if (platforms.isEmpty()) {
        throw new ImageSpecException(
            FailureCode.BASE_UNUSABLE, "The base image " + reference + " has no platform.");
      }
      return new LockedBase(manifest.digest(), platforms, LocalDate.now(ZoneOffset.UTC));
    } catch (InvalidDocumentException e) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The base image "
              + reference
              + from(reference, source)
              + " cannot be read: "
              + registry.redact(String.valueOf(e.getMessage()))
              + ". Use another base image, or push it anew.");
    }
  }

  private Optional<RawManifest> read(ImageReference reference, Repository source) {
    String named = reference.manifestReference();
    return reference.isPinned()
        ? registry.manifests().getCached(source, Digest.parse(named), reference.tag().orElse(""))
        : registry.manifests().get(source, named);
  }

  private Map<Platform, Digest> platforms(RawManifest manifest, Repository source)
      throws InvalidDocumentException {
    ImageDocument document = manifest.parse();
    if (document instanceof ImageIndex index) {
      return index.platforms();
    }
    // Without an index, only the configuration says which platform an image is for.
    ImageManifest image = (ImageManifest) document;
    image.requireImage();
    Descriptor config = image.config();
    byte[] bytes = registry.blobs().read(source, config.digest(), config.size());
    return Map.of(ImageConfig.parse(bytes).platform(), manifest.digest());
  }

  private static String from(ImageReference reference, Repository source) {
    return source.registry().equals(reference.registry()) ? "" : " in the mirror " + source;
  }
}
