package dev.imagespec.runtime.target;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.Existing;
import dev.imagespec.runtime.registry.ImageReader;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.StoredImage;
import dev.imagespec.runtime.registry.auth.CredentialSource;
import dev.imagespec.runtime.work.Workers;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A registry that offers only the OCI distribution protocol. It creates repositories itself on
 * their first push.
 */
final class OciTarget implements Target {
  private final Registry registry;
  private final RegistryClient client;
  private final CredentialSource credentials;

  OciTarget(Registry registry, RegistryClient client, CredentialSource credentials) {
    this.registry = registry;
    this.client = client;
    this.credentials = credentials;
  }

  @Override
  public void check(Manifest.Repository asked) {
    Unsupported.refuse(asked, registry + " is not Amazon ECR, and");
  }

  /** Only an index lists the manifests of its platforms: a single manifest need not be read. */
  @Override
  public Existing<ImageDigests> images(
      Repository repository, Map<String, Collection<Platform>> tags) {
    client.expectPush(repository);
    Map<String, ImageDigests> found = new LinkedHashMap<>();
    Map<String, RawManifest> indexes = new LinkedHashMap<>();
    tags.forEach(
        (tag, platforms) -> {
          if (platforms.size() == 1) {
            client
                .manifests()
                .digest(repository, tag)
                .ifPresent(
                    digest -> found.put(tag, ImageDigests.of(digest, platforms.iterator().next())));
          } else {
            client.manifests().get(repository, tag).ifPresent(index -> indexes.put(tag, index));
          }
        });
    Existing<ImageDigests> read = images(new Existing<>(true, indexes, Map.of()), tags);
    found.putAll(read.found());
    return new Existing<>(true, found, read.unknown());
  }

  static Existing<ImageDigests> images(
      Existing<RawManifest> manifests, Map<String, Collection<Platform>> tags) {
    return manifests.map(
        (tag, manifest) -> ImageDigests.of(tag, manifest, tags.getOrDefault(tag, List.of())));
  }

  @Override
  public Existing<RawManifest> manifests(Repository repository, Collection<String> tags) {
    client.expectPush(repository);
    Map<String, RawManifest> found = new LinkedHashMap<>();
    for (String tag : tags) {
      client.manifests().get(repository, tag).ifPresent(manifest -> found.put(tag, manifest));
    }
    // In the protocol, only an error's words distinguish a missing repository from a missing tag.
    return new Existing<>(true, found, Map.of());
  }

  /** The protocol does not tell; a registry refuses when the tag is written. */
  @Override
  public Map<ImageReference, ImageSpecException> immovable(Map<Repository, Set<String>> tags) {
    return Map.of();
  }

  @Override
  public Optional<List<StoredImage>> stored(Repository repository, Workers workers) {
    ImageReader reader = new ImageReader(client);
    return client
        .tags()
        .list(repository)
        .map(
            tags ->
                workers.map(tags, tag -> reader.read(repository, tag)).stream()
                    .flatMap(Optional::stream)
                    .toList());
  }

  @Override
  public Map<String, StoredImage> details(Repository repository, Collection<String> tags) {
    return Map.of();
  }

  @Override
  public boolean asksForManyBlobs() {
    return false;
  }

  @Override
  public Set<Digest> available(Repository repository, Collection<Digest> blobs) {
    Set<Digest> found = new HashSet<>();
    for (Digest blob : blobs) {
      if (client.blobs().exists(repository, blob)) {
        found.add(blob);
      }
    }
    return found;
  }

  @Override
  public boolean changesExisting(Manifest.Repository asked) {
    return false;
  }

  @Override
  public void prepare(List<Wish> wishes, PreparationListener listener) {
    // The registry does that itself.
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
      Map<Repository, List<Manifest.Repository>> repositories, Map<String, String> environment) {
    return new OciExaminer(client, credentials).examine(registry, repositories.keySet());
  }
}
