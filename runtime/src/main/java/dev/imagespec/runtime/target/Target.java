package dev.imagespec.runtime.target;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.Existing;
import dev.imagespec.runtime.registry.StoredImage;
import dev.imagespec.runtime.work.Workers;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A registry that images are pushed to, by what a registration needs of it. */
public interface Target {
  /**
   * Checks, without a request, that the registry can do what a spec asks of a repository.
   *
   * @throws ImageSpecException with {@link FailureCode#UNSUPPORTED} or {@link
   *     FailureCode#INVALID_SETTING} if it cannot: nothing that is asked for is passed over
   */
  void check(Manifest.Repository asked);

  /**
   * Asks which images exist, with as little traffic as the registry allows.
   *
   * @param tags the platforms that each image is made for, by its tag
   * @throws ImageSpecException if nothing can be said of any of them
   */
  Existing<ImageDigests> images(Repository repository, Map<String, Collection<Platform>> tags);

  /**
   * Reads the manifests or indexes that some tags name.
   *
   * @throws ImageSpecException if nothing can be said of any of them
   */
  Existing<RawManifest> manifests(Repository repository, Collection<String> tags);

  /**
   * Lists what a repository keeps.
   *
   * @param workers read what takes a request per image
   * @return empty if the repository does not exist
   */
  Optional<List<StoredImage>> stored(Repository repository, Workers workers);

  /** Whether a repository has to be prepared for this even if nothing is pushed to it. */
  boolean changesExisting(Manifest.Repository asked);

  /**
   * Prepares repositories before images are pushed to them: creates those that are missing, says
   * how the others differ from what is asked for, and sets their policies.
   *
   * @param wishes repositories of this registry, each once
   * @param listener is told of each step; what fails for one repository does not hold up the others
   */
  void prepare(List<Wish> wishes, PreparationListener listener);

  /** The failure of a push, with what the registry's way of creating repositories adds to it. */
  ImageSpecException explained(Repository repository, ImageSpecException failure);

  /**
   * Why a tag that may not be written cannot be read either.
   *
   * @return the failure to report if the tag's image is archived; empty if it is not
   */
  Optional<ImageSpecException> archived(Repository repository, String tag);

  /**
   * Finds out what stands in the way of pushing, and changes nothing.
   *
   * @param repositories repositories of this registry, with what specs ask of each
   * @param environment the process's environment variables
   */
  Examination examine(
      Map<Repository, List<Manifest.Repository>> repositories, Map<String, String> environment);
}
