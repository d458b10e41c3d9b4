package dev.imagespec.runtime.target;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RepositoryCreation;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.Existing;
import dev.imagespec.runtime.registry.StoredImage;
import dev.imagespec.runtime.registry.ecr.EcrRegistries;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Subject;
import dev.imagespec.runtime.work.Workers;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A private registry of Amazon ECR, or an emulator of one, used through its API. */
final class EcrTarget implements Target {
  private final Registry registry;
  private final EcrRegistries ecr;
  private final RepositoryDefaults defaults;

  EcrTarget(Registry registry, EcrRegistries ecr, RepositoryDefaults defaults) {
    this.registry = registry;
    this.ecr = ecr;
    this.defaults = defaults;
  }

  /** It supports everything that a spec can ask for. */
  @Override
  public void check(Manifest.Repository asked) {}

  /** The API returns the manifests in any case. */
  @Override
  public Map<Repository, Attempt<Existing<ImageDigests>>> images(
      Map<Repository, Map<String, Collection<Platform>>> wanted) {
    Map<Repository, Attempt<Existing<ImageDigests>>> answers = new LinkedHashMap<>();
    Workers.atOnce(
            List.copyOf(wanted.entrySet()),
            MOST_QUESTIONS,
            entry ->
                Attempt.at(
                    new Subject(List.of(), entry.getKey()),
                    () ->
                        OciTarget.images(
                            manifests(entry.getKey(), entry.getValue().keySet()),
                            entry.getValue())))
        .forEach(answer -> answers.put(answer.subject().repository(), answer));
    return answers;
  }

  @Override
  public Existing<RawManifest> manifests(Repository repository, Collection<String> tags) {
    return ecr.images().existing(repository, tags);
  }

  @Override
  public Map<ImageReference, ImageSpecException> immovable(Map<Repository, Set<String>> tags) {
    return ecr.repositories().immovable(tags);
  }

  @Override
  public Optional<List<StoredImage>> stored(Repository repository, Workers workers) {
    return ecr.images().list(repository);
  }

  @Override
  public Map<String, StoredImage> details(Repository repository, Collection<String> tags) {
    return ecr.images().details(repository, tags);
  }

  /** PutImage fails with LayersNotFoundException. */
  @Override
  public boolean refusesMissingBlobs() {
    return true;
  }

  @Override
  public boolean asksForManyBlobs() {
    return true;
  }

  @Override
  public Map<Digest, Long> available(Repository repository, Collection<Digest> blobs) {
    return ecr.images().available(repository, blobs);
  }

  @Override
  public boolean changesExisting(Manifest.Repository asked) {
    return defaults.wanted(asked).asksForMore();
  }

  @Override
  public void prepare(List<Wish> wishes, PreparationListener listener) {
    new EcrPreparation(ecr.repositories(), defaults, listener).prepare(wishes);
  }

  @Override
  public ImageSpecException explained(Repository repository, ImageSpecException failure) {
    return failure.code() == FailureCode.REPOSITORY_NOT_FOUND
            && defaults.creation() == RepositoryCreation.TEMPLATE
        ? Missing.noTemplate(repository, failure)
        : failure;
  }

  @Override
  public Optional<ImageSpecException> archived(Repository repository, String tag) {
    return ecr.images().archived(repository, tag);
  }

  @Override
  public Examination examine(
      Map<Repository, List<Manifest.Repository>> repositories, Map<String, String> environment) {
    return new EcrExaminer(ecr, registry, environment).examine(repositories);
  }
}
