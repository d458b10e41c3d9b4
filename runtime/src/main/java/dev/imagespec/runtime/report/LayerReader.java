package dev.imagespec.runtime.report;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageDocument;
import dev.imagespec.runtime.oci.ImageIndex;
import dev.imagespec.runtime.oci.ImageManifest;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Subject;
import java.util.List;
import java.util.Optional;

/** Reads which layers images have. Asks a registry only for manifests that are not at hand. */
public final class LayerReader {
  private final RegistryClient registry;

  public LayerReader(RegistryClient registry) {
    this.registry = registry;
  }

  /**
   * The layers of an image for its first platform, lowest first.
   *
   * @return empty if the image does not exist
   */
  Attempt<Optional<List<Part.Layer>>> layers(Stack.Wanted wanted) {
    Repository repository = wanted.image().repository();
    Platform platform = wanted.image().spec().base().platforms().first();
    return Attempt.at(
        wanted.image().subject(),
        () ->
            wanted
                .digest()
                .map(digest -> manifest(repository, digest, wanted.read()))
                .map(top -> layers(repository, top, platform, wanted.read())));
  }

  /** The layers of a base for a platform, lowest first. */
  Attempt<List<Part.Layer>> layers(Base.Registered base, Platform platform) {
    Repository source = base.source();
    Digest digest = base.manifest(platform);
    return Attempt.at(
        new Subject(List.of(), source),
        () ->
            layers(
                source,
                registry
                    .manifests()
                    .getCached(source, digest, base.reference().tag().orElse(""))
                    .orElseThrow(() -> gone(source, digest)),
                platform,
                List.of()));
  }

  /** The layers of an environment that exists, with those of its base, lowest first. */
  Attempt<List<Part.Layer>> layers(Repository repository, RawManifest top, Platform platform) {
    return Attempt.at(
        new Subject(List.of(), repository), () -> layers(repository, top, platform, List.of()));
  }

  private List<Part.Layer> layers(
      Repository repository, RawManifest top, Platform platform, List<RawManifest> atHand) {
    ImageDocument document = parse(repository, top);
    if (document instanceof ImageIndex index) {
      Digest child = index.platforms().get(platform);
      if (child == null) {
        throw new ImageSpecException(
            FailureCode.PLATFORM_NOT_FOUND,
            "The image " + repository.image(top.digest()) + " is not for " + platform + ".");
      }
      document = parse(repository, manifest(repository, child, atHand));
    }
    if (document instanceof ImageManifest manifest) {
      return manifest.layers().stream().map(LayerReader::layer).toList();
    }
    throw new ImageSpecException(
        FailureCode.PROTOCOL,
        "The image " + repository.image(top.digest()) + " is an index inside an index.");
  }

  private static Part.Layer layer(Descriptor layer) {
    return new Part.Layer(Optional.of(layer.digest()), layer.size());
  }

  private RawManifest manifest(Repository repository, Digest digest, List<RawManifest> atHand) {
    return atHand.stream()
        .filter(manifest -> manifest.digest().equals(digest))
        .findFirst()
        .or(() -> registry.manifests().get(repository, digest.toString()))
        .orElseThrow(() -> gone(repository, digest));
  }

  private static ImageSpecException gone(Repository repository, Digest digest) {
    return new ImageSpecException(
        FailureCode.PROTOCOL, "The manifest " + repository.image(digest) + " is gone.");
  }

  private ImageDocument parse(Repository repository, RawManifest manifest) {
    try {
      return manifest.parse();
    } catch (InvalidDocumentException e) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          "The manifest "
              + repository.image(manifest.digest())
              + " cannot be read: "
              + registry.redact(String.valueOf(e.getMessage()))
              + ".");
    }
  }
}
