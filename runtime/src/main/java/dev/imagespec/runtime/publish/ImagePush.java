package dev.imagespec.runtime.publish;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.target.Targets;
import java.util.List;
import java.util.Optional;

/** Pushes the manifests of an image whose blobs are in its repository. */
final class ImagePush {
  private final RegistryClient registry;
  private final Targets targets;
  private final Adoption adoption;

  /**
   * What became of an image.
   *
   * @param top what its tag names now
   * @param children the platforms' manifests, as far as they are at hand
   * @param isOwn whether it was pushed; false if an equal one was there
   */
  record Result(RawManifest top, List<RawManifest> children, boolean isOwn) {}

  ImagePush(RegistryClient registry, Targets targets) {
    this.registry = registry;
    this.targets = targets;
    this.adoption = new Adoption(registry);
  }

  /**
   * Compares an image with the one that its tag names, which is never overwritten.
   *
   * @throws ImageSpecException if they differ
   */
  RawManifest compare(ComposedImage image) {
    return adoption
        .adopt(image)
        .orElseThrow(
            () ->
                new ImageSpecException(
                    FailureCode.PROTOCOL,
                    "The tag " + image.plan() + " was deleted meanwhile. Register again."));
  }

  /**
   * Pushes the manifests.
   *
   * @param isComplete whether the registry has confirmed all blobs
   * @return empty if a blob is missing that the registry has not confirmed
   */
  Optional<Result> push(ComposedImage image, boolean isComplete) {
    for (RawManifest child : image.children()) {
      if (!put(image.plan().repository(), child, isComplete)) {
        return Optional.empty();
      }
    }
    Optional<RawManifest> faster = faster(image);
    if (faster.isPresent()) {
      return Optional.of(new Result(faster.get(), List.of(), false));
    }
    return tag(image, isComplete);
  }

  /**
   * Pushes a platform's manifest by its digest. A registry that lets nothing be written twice has
   * it already.
   */
  private boolean put(Repository to, RawManifest child, boolean isComplete) {
    String digest = child.digest().toString();
    try {
      return put(to, digest, child, isComplete);
    } catch (ImageSpecException e) {
      if (!Adoption.mayExist(e) || registry.manifests().digest(to, digest).isEmpty()) {
        throw e;
      }
      return true;
    }
  }

  private boolean put(Repository to, String reference, RawManifest manifest, boolean isComplete) {
    if (!isComplete) {
      return registry.manifests().putIfComplete(to, reference, manifest);
    }
    registry.manifests().put(to, reference, manifest);
    return true;
  }

  /**
   * The image of another registration that built the same environment at the same time. Steps give
   * other bytes each time, so the images differ; the first one pushed is everybody's.
   */
  private Optional<RawManifest> faster(ComposedImage image) {
    return image.onNewEnvironment()
        ? registry.manifests().get(image.plan().repository(), image.plan().tag())
        : Optional.empty();
  }

  /** Pushes what the tag will name, or finds the equal image that was pushed first. */
  private Optional<Result> tag(ComposedImage image, boolean isComplete) {
    Repository to = image.plan().repository();
    try {
      return put(to, image.plan().tag(), image.top(), isComplete)
          ? Optional.of(new Result(image.top(), image.children(), true))
          : Optional.empty();
    } catch (ImageSpecException e) {
      if (!Adoption.mayExist(e)) {
        throw e;
      }
      // Another registration has pushed the tag since it was checked, or this one has, and the
      // answer got lost. Registries refuse a second time in different ways.
      return Optional.of(new Result(existing(image, e), List.of(), false));
    }
  }

  /**
   * The equal image that a tag names which could not be written.
   *
   * @param refusal why not, which is thrown if there is none
   */
  private RawManifest existing(ComposedImage image, ImageSpecException refusal) {
    Optional<RawManifest> existing;
    try {
      existing = adoption.adopt(image);
    } catch (ImageSpecException e) {
      if (refusal.code() == FailureCode.TAG_IMMUTABLE || e.code() == FailureCode.TAG_IMMUTABLE) {
        throw e;
      }
      // That the tag cannot be read either says nothing new.
      refusal.addSuppressed(e);
      throw refusal;
    }
    return existing.orElseThrow(
        () -> unreadable(image.plan().repository(), image.plan().tag()).orElse(refusal));
  }

  /** Why a tag that may not be written cannot be read either. */
  private Optional<ImageSpecException> unreadable(Repository repository, String tag) {
    return targets.of(repository.registry()).archived(repository, tag);
  }
}
