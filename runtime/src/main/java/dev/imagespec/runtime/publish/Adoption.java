package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageConfig;
import dev.imagespec.runtime.oci.ImageDocument;
import dev.imagespec.runtime.oci.ImageIndex;
import dev.imagespec.runtime.oci.ImageManifest;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.RegistryClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether the image that a tag already names equals the one to push. It does if the
 * configurations are equal: they contain the diff IDs of all layers, so the files are equal, too.
 * Only the compressed bytes may differ, since zlib versions compress differently.
 */
final class Adoption {
  private final RegistryClient registry;

  Adoption(RegistryClient registry) {
    this.registry = registry;
  }

  /**
   * Whether a registry may have refused a manifest because it has it already. Registries answer
   * that with 400, 403, 409 and 412; one that has stored it may also have failed to say so.
   */
  static boolean mayExist(ImageSpecException refusal) {
    return switch (refusal.code()) {
      case TAG_IMMUTABLE, DENIED, PROTOCOL -> true;
      case UNREACHABLE -> refusal.getCause() == null;
      default -> false;
    };
  }

  /**
   * The equal image in the repository: its manifest or index.
   *
   * @return empty if the tag names nothing
   * @throws ImageSpecException with {@link FailureCode#TAG_IMMUTABLE} if the tag names another
   *     image; the message says how they differ
   */
  Optional<RawManifest> adopt(ComposedImage image) {
    Repository repository = image.plan().repository();
    Optional<RawManifest> existing = registry.manifests().get(repository, image.plan().tag());
    if (existing.isEmpty() || existing.get().digest().equals(image.top().digest())) {
      return existing;
    }
    try {
      List<Digest> there = configs(repository, existing.get());
      List<Digest> here = new ArrayList<>();
      for (RawManifest manifest : manifests(image)) {
        here.add(config(manifest));
      }
      if (there.equals(here)) {
        return existing;
      }
      throw new ImageSpecException(
          FailureCode.TAG_IMMUTABLE,
          "The tag "
              + image.plan()
              + " names another image than the one built from the same inputs: "
              + difference(repository, there, here, image)
              + ". Delete the tag to push this one, or find out what built the other.");
    } catch (IOException | InvalidDocumentException e) {
      throw new ImageSpecException(
          FailureCode.TAG_IMMUTABLE,
          "The tag " + image.plan() + " names something that cannot be read: " + e.getMessage(),
          e);
    }
  }

  /** The digests of an image's configurations, one for each platform, in the index's order. */
  private List<Digest> configs(Repository repository, RawManifest top)
      throws IOException, InvalidDocumentException {
    ImageDocument document = top.parse();
    if (document instanceof ImageManifest manifest) {
      return List.of(manifest.config().digest());
    }
    List<Digest> configs = new ArrayList<>();
    for (Descriptor entry : ((ImageIndex) document).manifests()) {
      RawManifest child =
          registry
              .manifests()
              .get(repository, entry.digest().toString())
              .orElseThrow(() -> new IOException("its manifest " + entry.digest() + " is gone"));
      configs.add(config(child));
    }
    return configs;
  }

  private static List<RawManifest> manifests(ComposedImage image) {
    return image.children().isEmpty() ? List.of(image.top()) : image.children();
  }

  private static Digest config(RawManifest manifest) throws IOException, InvalidDocumentException {
    if (manifest.parse() instanceof ImageManifest image) {
      return image.config().digest();
    }
    throw new IOException("it is an index inside an index");
  }

  /** The fields that differ between the first two configurations that are not equal. */
  private String difference(
      Repository repository, List<Digest> there, List<Digest> here, ComposedImage image)
      throws IOException, InvalidDocumentException {
    for (int i = 0; i < here.size(); i++) {
      if (i >= there.size()) {
        return "it has fewer platforms";
      }
      if (!there.get(i).equals(here.get(i))) {
        ImageConfig mine = configOf(image, here.get(i));
        ImageConfig theirs = ImageConfig.parse(registry.blobs().read(repository, there.get(i), -1));
        return "their configurations differ in " + String.join(", ", mine.differences(theirs));
      }
    }
    return "it has more platforms";
  }

  private static ImageConfig configOf(ComposedImage image, Digest digest)
      throws IOException, InvalidDocumentException {
    for (ComposedImage.Blob blob : image.blobs()) {
      if (blob.source().digest().equals(digest)) {
        try (InputStream in = blob.source().open()) {
          return ImageConfig.parse(in.readAllBytes());
        }
      }
    }
    throw new IOException("the configuration " + digest + " is not at hand");
  }
}
