package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageConfig;
import dev.imagespec.runtime.oci.ImageManifest;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Reads the manifest and the configuration of a base, and rejects bases that no image can be built
 * on.
 */
final class BaseReader {
  /** Linux stacks at most this many layers; an image with more cannot run. */
  private static final int MAX_LAYERS = 500;

  /** Masks what a registry quotes of credentials. */
  private final UnaryOperator<String> redaction;

  BaseReader(UnaryOperator<String> redaction) {
    this.redaction = redaction;
  }

  /**
   * Reads a base.
   *
   * @param name its name in messages
   * @param digest the digest of its manifest for one platform
   * @param tag the tag that led to it; empty if there was none
   * @throws ImageSpecException with {@link FailureCode#BASE_NOT_FOUND} if it no longer exists; with
   *     {@link FailureCode#BASE_UNUSABLE} if no image can be built on it
   */
  BaseManifest read(String name, ImageSource source, Digest digest, String tag) {
    RawManifest raw =
        source
            .manifest(digest, tag)
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.BASE_NOT_FOUND,
                        "The base image "
                            + name
                            + " is locked to "
                            + digest
                            + ", which "
                            + source.repository()
                            + " no longer has. Refresh the lock with `imagespec lock`."));
    try {
      if (!(raw.parse() instanceof ImageManifest manifest)) {
        throw unusable(name, "is an index inside an index");
      }
      return read(name, source, manifest);
    } catch (InvalidDocumentException e) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The base image "
              + name
              + "@"
              + digest
              + " cannot be read: "
              + redaction.apply(String.valueOf(e.getMessage()))
              + ".");
    }
  }

  private BaseManifest read(String name, ImageSource source, ImageManifest manifest)
      throws InvalidDocumentException {
    manifest.requireImage();
    int count = manifest.layers().size();
    if (count > MAX_LAYERS) {
      throw unusable(name, "has " + count + " layers; overlayfs takes " + MAX_LAYERS);
    }
    List<BaseManifest.BaseLayer> layers = new ArrayList<>();
    for (Descriptor layer : manifest.layers()) {
      layers.add(
          new BaseManifest.BaseLayer(
              layer.withMediaType(layerType(name, layer)),
              source.layer(layer.digest(), layer.size()),
              source.repository()));
    }
    Descriptor descriptor = manifest.config();
    ImageConfig config = ImageConfig.parse(source.config(descriptor.digest(), descriptor.size()));
    if (config.diffIds().size() != count) {
      throw unusable(name, "has " + count + " layers but " + config.diffIds().size() + " diff IDs");
    }
    if (config.hasBuildTriggers()) {
      throw unusable(name, "has ONBUILD instructions, which are not run here");
    }
    return new BaseManifest(name, Map.of(), layers, config);
  }

  /** The OCI media type of a layer. Rejects layers whose bytes are outside their registry. */
  private MediaType layerType(String name, Descriptor layer) {
    Optional<MediaType> type = layer.mediaType();
    if (type.isPresent() && type.get().kind() == MediaType.Kind.FOREIGN_LAYER) {
      throw unusable(name, "has a foreign layer, whose bytes stand outside its registry");
    }
    if (layer.isElsewhere()) {
      throw unusable(name, "has a layer whose bytes stand outside its registry");
    }
    return type.map(MediaType::oci)
        .filter(oci -> oci.kind() == MediaType.Kind.LAYER)
        .orElseThrow(
            () ->
                unusable(
                    name,
                    "has a layer of the unknown type \""
                        + redaction.apply(layer.mediaTypeName())
                        + "\""));
  }

  private static ImageSpecException unusable(String name, String why) {
    return new ImageSpecException(
        FailureCode.BASE_UNUSABLE,
        "The base image " + name + " " + why + "; use another base image.");
  }
}
