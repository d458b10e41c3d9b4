package dev.imagespec.runtime.target;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.Existing;
import dev.imagespec.runtime.registry.StoredImage;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Workers;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A registry to push to, with the operations that a registration needs. */
public interface Target {
  /**
   * Checks, without a request, that the registry supports what a spec asks of a repository.
   *
   * @throws ImageSpecException with {@link FailureCode#UNSUPPORTED} or {@link
   *     FailureCode#INVALID_SETTING} if it does not: no request of a spec is ignored
   */
  void check(Manifest.Repository asked);

  /** The most questions that a registry is asked at the same time. */
  int MOST_QUESTIONS = 8;

  /**
   * Asks which images exist, with as little traffic as the registry allows.
   *
   * @param wanted the platforms that each image is built for, by its tag, for repositories of this
   *     registry
   * @return an answer for each repository
   */
  Map<Repository, Attempt<Existing<ImageDigests>>> images(
      Map<Repository, Map<String, Collection<Platform>>> wanted);

  /**
   * Asks one repository which images exist.
   *
   * @throws ImageSpecException if that cannot be found out for any of them
   */
  default Existing<ImageDigests> images(
      Repository repository, Map<String, Collection<Platform>> tags) {
    return images(Map.of(repository, tags)).values().iterator().next().get();
  }

  /**
   * Reads the manifests or indexes that some tags name.
   *
   * @throws ImageSpecException if that cannot be found out for any of them
   */
  Existing<RawManifest> manifests(Repository repository, Collection<String> tags);

  /**
   * Asks which tags cannot be moved to another image, as far as the registry tells.
   *
   * @param tags tags that exist, by repositories of this registry
   * @return why, for each that cannot be moved
   */
  Map<ImageReference, ImageSpecException> immovable(Map<Repository, Set<String>> tags);

  /**
   * Lists the images in a repository.
   *
   * @param workers threads to use if each image needs a request
   * @return empty if the repository does not exist
   */
  Optional<List<StoredImage>> stored(Repository repository, Workers workers);

  /**
   * What the registry tells about images besides their manifests: when they were pushed, and what a
   * scan found.
   *
   * @param tags tags that exist
   * @return by tag; empty, without a request, if the registry's protocol has no such question
   */
  Map<String, StoredImage> details(Repository repository, Collection<String> tags);

  /**
   * Whether it is known to refuse each manifest that names a blob which it does not have, so that
   * what is wrongly believed of it does no harm. The specification does not ask that of a registry.
   */
  boolean refusesMissingBlobs();

  /** Whether it can be asked for many blobs at once. */
  boolean asksForManyBlobs();

  /**
   * Which of these blobs a repository has, with as few requests as the registry allows. Only if it
   * {@linkplain #asksForManyBlobs can be asked} so.
   *
   * @return their sizes in bytes, or -1 where the registry does not say
   * @throws ImageSpecException if that cannot be found out
   */
  Map<Digest, Long> available(Repository repository, Collection<Digest> blobs);

  /** Whether this request requires preparing a repository even if nothing is pushed to it. */
  boolean changesExisting(Manifest.Repository asked);

  /**
   * Prepares repositories before images are pushed to them: creates missing ones, reports how the
   * others differ from what was asked for, and sets their policies.
   *
   * @param wishes repositories of this registry, each once
   * @param listener hears of each change; a failure for one repository does not stop the others
   */
  void prepare(List<Wish> wishes, PreparationListener listener);

  /**
   * The failure of a push, with advice if the registry's way of creating repositories explains it.
   */
  ImageSpecException explained(Repository repository, ImageSpecException failure);

  /**
   * Why a tag that may not be written cannot be read either.
   *
   * @return the failure to report if the tag's image is archived; else empty
   */
  Optional<ImageSpecException> archived(Repository repository, String tag);

  /**
   * Checks what prevents pushing, without changing anything.
   *
   * @param repositories repositories of this registry, with what specs ask of each
   * @param environment the environment variables of this process
   */
  Examination examine(
      Map<Repository, List<Manifest.Repository>> repositories, Map<String, String> environment);
}
