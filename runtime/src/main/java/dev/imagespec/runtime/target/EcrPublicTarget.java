package dev.imagespec.runtime.target;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RepositoryCreation;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.Existing;
import dev.imagespec.runtime.registry.StoredImage;
import dev.imagespec.runtime.registry.ecr.PublicRepositories;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Workers;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Amazon ECR Public. Images are read and written through the OCI distribution protocol only;
 * repositories are created through Amazon's API.
 */
final class EcrPublicTarget implements Target {
  private final OciTarget images;
  private final PublicRepositories repositories;
  private final RepositoryDefaults defaults;

  EcrPublicTarget(OciTarget images, PublicRepositories repositories, RepositoryDefaults defaults) {
    this.images = images;
    this.repositories = repositories;
    this.defaults = defaults;
  }

  @Override
  public void check(Manifest.Repository asked) {
    if (defaults.creation() == RepositoryCreation.TEMPLATE) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          "Amazon ECR Public has no repository creation templates; set"
              + " imagespec.create-repository to create or never.");
    }
    Unsupported.refuse(asked, "Amazon ECR Public");
  }

  @Override
  public Map<Repository, Attempt<Existing<ImageDigests>>> images(
      Map<Repository, Map<String, Collection<Platform>>> wanted) {
    Map<Repository, Attempt<Existing<ImageDigests>>> answers = new LinkedHashMap<>();
    images
        .images(wanted)
        .forEach(
            (repository, attempt) ->
                answers.put(
                    repository,
                    attempt.then(
                        answer ->
                            answer.found().isEmpty()
                                    && answer.unknown().isEmpty()
                                    && !repositories.exists(repository)
                                ? new Existing<>(false, Map.of(), Map.of())
                                : answer)));
    return answers;
  }

  @Override
  public Existing<RawManifest> manifests(Repository repository, Collection<String> tags) {
    return images.manifests(repository, tags);
  }

  /** It has no immutable tags. */
  @Override
  public Map<ImageReference, ImageSpecException> immovable(Map<Repository, Set<String>> tags) {
    return Map.of();
  }

  @Override
  public Optional<List<StoredImage>> stored(Repository repository, Workers workers) {
    return images.stored(repository, workers);
  }

  @Override
  public Map<String, StoredImage> details(Repository repository, Collection<String> tags) {
    return Map.of();
  }

  @Override
  public boolean refusesMissingBlobs() {
    return false;
  }

  @Override
  public boolean asksForManyBlobs() {
    return false;
  }

  @Override
  public Map<Digest, Long> available(Repository repository, Collection<Digest> blobs) {
    throw new IllegalStateException("the protocol has no question for many blobs");
  }

  @Override
  public boolean changesExisting(Manifest.Repository asked) {
    return false;
  }

  @Override
  public void prepare(List<Wish> wishes, PreparationListener listener) {
    for (Wish wish : wishes) {
      if (!wish.asked().mutableTags()) {
        listener.noted(
            wish.repository(),
            "Amazon ECR Public has no immutable tags: whoever may push can move this one");
      }
      if (!wish.exists()) {
        try {
          create(wish.repository(), listener);
        } catch (ImageSpecException e) {
          listener.failed(wish.repository(), e);
        }
      }
    }
  }

  private void create(Repository repository, PreparationListener listener) {
    if (defaults.creation() != RepositoryCreation.CREATE) {
      throw Missing.notCreated(repository, repositories.creation(repository));
    }
    if (repositories.create(repository)) {
      listener.created(repository);
    }
  }

  @Override
  public ImageSpecException explained(Repository repository, ImageSpecException failure) {
    return failure;
  }

  @Override
  public Optional<ImageSpecException> archived(Repository repository, String tag) {
    return Optional.empty();
  }

  @Override
  public Examination examine(
      Map<Repository, List<Manifest.Repository>> asked, Map<String, String> environment) {
    return images.examine(asked, environment);
  }
}
