package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.PlannedTag;
import dev.imagespec.runtime.registry.RegistryClient;
import java.util.List;
import java.util.Optional;

/** Gives published images their further tags. */
public final class Tagging {
  private final RegistryClient registry;
  private final RegistrationListener listener;

  public Tagging(RegistryClient registry, RegistrationListener listener) {
    this.registry = registry;
    this.listener = listener;
  }

  /**
   * Sets those tags that do not name the image yet.
   *
   * @return the image
   * @throws ImageSpecException if a tag cannot be set; the image itself is there
   */
  public Published tag(Published image) {
    List<PlannedTag> wanted =
        image.plan().tags().stream().filter(tag -> !tag.names(image.digest())).toList();
    if (!wanted.isEmpty()) {
      RawManifest top = image.top().orElseGet(() -> read(image));
      wanted.forEach(tag -> put(image, tag.name(), top));
    }
    return image;
  }

  private RawManifest read(Published image) {
    Repository repository = image.plan().repository();
    return registry
        .manifests()
        .get(repository, image.digest().toString())
        .orElseThrow(
            () ->
                new ImageSpecException(
                    FailureCode.PROTOCOL,
                    repository + "@" + image.digest() + " was deleted meanwhile. Register again."));
  }

  private void put(Published image, String tag, RawManifest top) {
    Repository repository = image.plan().repository();
    try {
      registry.manifests().put(repository, tag, top);
    } catch (ImageSpecException e) {
      if (!isThere(repository, tag, top.digest(), e)) {
        throw new ImageSpecException(
            e.code(),
            "The image is in the repository, but does not have the tag "
                + tag
                + ": "
                + e.getMessage(),
            e);
      }
    }
    listener.on(new RegistrationEvent.ImageTagged(repository.image(tag), top.digest()));
  }

  /** Whether another registration has set the tag meanwhile, or the answer got lost. */
  private boolean isThere(
      Repository repository, String tag, Digest digest, ImageSpecException refusal) {
    try {
      return Adoption.mayExist(refusal)
          && registry.manifests().digest(repository, tag).equals(Optional.of(digest));
    } catch (ImageSpecException e) {
      // That the tag cannot be read either says nothing new.
      refusal.addSuppressed(e);
      return false;
    }
  }
}
