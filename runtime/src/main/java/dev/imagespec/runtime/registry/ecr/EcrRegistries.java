package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.RegistryRules;
import dev.imagespec.runtime.registry.RemoteManifest;
import dev.imagespec.runtime.registry.StoredImage;
import dev.imagespec.runtime.registry.auth.Credential;
import dev.imagespec.runtime.registry.auth.CredentialSource;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecr.model.BatchGetImageResponse;
import software.amazon.awssdk.services.ecr.model.Image;
import software.amazon.awssdk.services.ecr.model.ImageFailure;
import software.amazon.awssdk.services.ecr.model.ImageFailureCode;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.ImageNotFoundException;
import software.amazon.awssdk.services.ecr.model.ImageStatus;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;

/**
 * The registries of Amazon ECR, through their own API: tokens, what images exist, and their
 * repositories. A registry is one of them by its host name, or because a setting names it as an
 * emulator.
 */
public final class EcrRegistries implements CredentialSource, AutoCloseable {
  /** {@code BatchGetImage} takes no more. */
  private static final int BATCH = 100;

  private static final List<String> MEDIA_TYPES =
      List.of(
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.docker.distribution.manifest.v2+json",
          "application/vnd.docker.distribution.manifest.list.v2+json");

  private final EcrAddresses addresses;
  private final EcrTokens tokens;

  EcrRegistries(EcrAddresses addresses, Clock clock) {
    this.addresses = addresses;
    this.tokens = new EcrTokens(clock);
  }

  /**
   * The registries, which are connected to when they are first used.
   *
   * @param emulators hosts that are emulators of Amazon ECR, with their ports
   * @param account the account of their repositories; empty for the API's own choice
   * @param region their region; empty for the SDK's own choice
   */
  public static EcrRegistries of(
      Set<Registry> emulators, Optional<String> account, Optional<String> region) {
    return of(emulators, account, region, Optional.empty());
  }

  /**
   * The registries, asked as a role.
   *
   * @param role the role to assume with what the SDK's chain finds; empty for that itself
   */
  public static EcrRegistries of(
      Set<Registry> emulators,
      Optional<String> account,
      Optional<String> region,
      Optional<AssumedRole> role) {
    return new EcrRegistries(
        new EcrAddresses(new EcrClients(role), emulators, account, region), Clock.systemUTC());
  }

  /**
   * What of some tags exists.
   *
   * @param repositoryExists whether the repository does
   * @param images the manifest or index that each existing tag names
   * @param unknown tags of which it cannot be said, and why; an archived image is one
   */
  public record Existing(
      boolean repositoryExists,
      Map<String, RemoteManifest> images,
      Map<String, ImageSpecException> unknown) {
    public Existing {
      images = Map.copyOf(images);
      unknown = Map.copyOf(unknown);
    }
  }

  /** Whether the host is a private registry of Amazon ECR, or a named emulator of one. */
  public boolean serves(Registry registry) {
    return addresses.isPrivate(registry);
  }

  /** Whether the host is Amazon ECR Public. */
  public boolean isPublic(Registry registry) {
    return addresses.isPublic(registry);
  }

  /** A registry's own rules; the specification's if it is not Amazon ECR's. */
  public RegistryRules rules(Registry registry) {
    return addresses.rules(registry);
  }

  /** Their repositories. */
  public EcrRepositories repositories() {
    return new EcrRepositories(addresses);
  }

  @Override
  public Optional<Credential> credential(Registry registry) {
    try {
      if (serves(registry)) {
        return Optional.of(tokens.get(addresses.tokenScope(registry), () -> ask(registry)));
      }
      if (isPublic(registry)) {
        return Optional.of(tokens.get(addresses.tokenScope(registry), this::askPublic));
      }
      return Optional.empty();
    } catch (SdkException e) {
      throw EcrErrors.of(
          e,
          isPublic(registry) ? "ecr-public:GetAuthorizationToken" : "ecr:GetAuthorizationToken",
          registry,
          Optional.empty());
    }
  }

  /** Everybody may read Amazon ECR Public, whoever has no AWS credentials, too. */
  @Override
  public Optional<Credential> readingCredential(Registry registry) {
    return isPublic(registry) ? Optional.empty() : credential(registry);
  }

  @Override
  public void expire(Registry registry) {
    if (serves(registry) || isPublic(registry)) {
      tokens.expire(addresses.tokenScope(registry));
    }
  }

  // The SDK's own classes print the token in clear: nothing of the answers may be logged.
  private EcrTokens.Given ask(Registry registry) {
    var data =
        addresses.client(registry).getAuthorizationToken(request -> {}).authorizationData().get(0);
    return new EcrTokens.Given(data.authorizationToken(), data.expiresAt());
  }

  private EcrTokens.Given askPublic() {
    var data = addresses.publicClient().getAuthorizationToken(request -> {}).authorizationData();
    return new EcrTokens.Given(data.authorizationToken(), data.expiresAt());
  }

  /**
   * Asks which of these tags exist, 100 a call.
   *
   * @throws ImageSpecException if that cannot be found out; what is not known is never taken to
   *     exist
   */
  public Existing images(Repository repository, Collection<String> tags) {
    Map<String, RemoteManifest> images = new HashMap<>();
    Map<String, ImageSpecException> unknown = new HashMap<>();
    List<String> all = List.copyOf(tags);
    try {
      for (int from = 0; from < all.size(); from += BATCH) {
        List<ImageIdentifier> ids = new ArrayList<>();
        for (String tag : all.subList(from, Math.min(from + BATCH, all.size()))) {
          ids.add(ImageIdentifier.builder().imageTag(tag).build());
        }
        BatchGetImageResponse answer =
            addresses
                .client(repository.registry())
                .batchGetImage(
                    request ->
                        request
                            .registryId(addresses.account(repository.registry()))
                            .repositoryName(repository.name().value())
                            .acceptedMediaTypes(MEDIA_TYPES)
                            .imageIds(ids));
        answer.images().forEach(image -> put(repository, images, image));
        for (ImageFailure failure : answer.failures()) {
          if (failure.failureCode() != ImageFailureCode.IMAGE_NOT_FOUND) {
            unknown.put(failure.imageId().imageTag(), hidden(repository, failure));
          }
        }
        if (answer.images().size() + answer.failures().size() < ids.size()) {
          throw new ImageSpecException(
              FailureCode.PROTOCOL,
              "Amazon ECR says nothing of some tags of " + repository + ". Register again.");
        }
      }
      return new Existing(true, images, unknown);
    } catch (RepositoryNotFoundException e) {
      return new Existing(false, Map.of(), Map.of());
    } catch (SdkException e) {
      throw EcrErrors.of(e, "ecr:BatchGetImage", repository.registry(), Optional.of(repository));
    }
  }

  /**
   * Why a tag that may not be written cannot be read either.
   *
   * @return the failure to report if the tag's image is archived; empty if it is not
   */
  public Optional<ImageSpecException> archived(Repository repository, String tag) {
    if (!serves(repository.registry())) {
      return Optional.empty();
    }
    try {
      boolean active =
          addresses
              .client(repository.registry())
              .describeImages(
                  request ->
                      request
                          .registryId(addresses.account(repository.registry()))
                          .repositoryName(repository.name().value())
                          .imageIds(ImageIdentifier.builder().imageTag(tag).build()))
              .imageDetails()
              .stream()
              .allMatch(
                  image ->
                      image.imageStatus() == null || image.imageStatus() == ImageStatus.ACTIVE);
      return active ? Optional.empty() : Optional.of(archivedImage(repository, tag));
    } catch (ImageNotFoundException | RepositoryNotFoundException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw EcrErrors.of(e, "ecr:DescribeImages", repository.registry(), Optional.of(repository));
    }
  }

  /**
   * Lists what a repository keeps.
   *
   * @return empty if the repository does not exist
   */
  public Optional<List<StoredImage>> stored(Repository repository) {
    Registry registry = repository.registry();
    return EcrImages.list(addresses.client(registry), addresses.account(registry), repository);
  }

  /** Examines a repository of a registry that it {@link #serves}. */
  public EcrExamination examine(Repository repository) {
    return new EcrExamination(addresses, repository);
  }

  /** Requests sent to the API. */
  public long requests() {
    return addresses.requests();
  }

  private static void put(Repository repository, Map<String, RemoteManifest> images, Image image) {
    RemoteManifest manifest =
        RemoteManifest.of(
            image.imageManifestMediaType(), image.imageManifest().getBytes(StandardCharsets.UTF_8));
    if (!manifest.digest().toString().equals(image.imageId().imageDigest())) {
      throw new ImageSpecException(
          FailureCode.DIGEST_MISMATCH,
          "Amazon ECR gives a manifest of " + repository + " under a digest that is not its own.");
    }
    images.put(image.imageId().imageTag(), manifest);
  }

  /** An image that is there, but is not given. */
  private ImageSpecException hidden(Repository repository, ImageFailure failure) {
    String tag = failure.imageId().imageTag();
    if (failure.failureCode() == ImageFailureCode.IMAGE_INACCESSIBLE) {
      return archivedImage(repository, tag);
    }
    return new ImageSpecException(
        FailureCode.PROTOCOL,
        "Amazon ECR cannot say whether there is an image "
            + repository
            + ":"
            + tag
            + ": "
            + failure.failureCodeAsString()
            + ", "
            + failure.failureReason());
  }

  private ImageSpecException archivedImage(Repository repository, String tag) {
    return new ImageSpecException(
        FailureCode.IMAGE_ARCHIVED,
        "The image "
            + repository
            + ":"
            + tag
            + " is archived, so no task can pull it. Restore it, which takes up to 20 minutes, and"
            + " register again: aws ecr update-image-storage-class"
            + addresses.cliOptions(repository.registry())
            + " --repository-name "
            + repository.name()
            + " --image-id imageTag="
            + tag
            + " --target-storage-class STANDARD");
  }

  @Override
  public void close() {
    addresses.close();
  }
}
