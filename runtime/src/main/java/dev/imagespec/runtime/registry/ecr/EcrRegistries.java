package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.EcrHost;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.Credential;
import dev.imagespec.runtime.registry.CredentialSource;
import dev.imagespec.runtime.registry.RemoteManifest;
import dev.imagespec.runtime.registry.RemoteRepository;
import dev.imagespec.runtime.registry.StoredImage;
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
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.BatchGetImageResponse;
import software.amazon.awssdk.services.ecr.model.Image;
import software.amazon.awssdk.services.ecr.model.ImageFailure;
import software.amazon.awssdk.services.ecr.model.ImageFailureCode;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;
import software.amazon.awssdk.services.ecr.model.RepositoryAlreadyExistsException;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;
import software.amazon.awssdk.services.ecr.model.Tag;

/**
 * The private registries of Amazon ECR, through their own API: tokens, what images exist, and
 * missing repositories. A registry is one of them by its host name, or because a setting names it
 * as an emulator.
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

  private final Set<String> emulators;
  private final Optional<String> emulatorAccount;
  private final Optional<String> emulatorRegion;
  private final EcrClients clients = new EcrClients();
  private final EcrTokens tokens;

  private EcrRegistries(
      Set<String> emulators, Optional<String> account, Optional<String> region, Clock clock) {
    this.emulators = Set.copyOf(emulators);
    this.emulatorAccount = account;
    this.emulatorRegion = region;
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
      Set<String> emulators, Optional<String> account, Optional<String> region) {
    return new EcrRegistries(emulators, account, region, Clock.systemUTC());
  }

  static EcrRegistries of(Set<String> emulators, Optional<String> region, Clock clock) {
    return new EcrRegistries(emulators, Optional.empty(), region, clock);
  }

  /**
   * What of some tags exists.
   *
   * @param repositoryExists whether the repository does
   * @param images the manifest or index that each existing tag names
   */
  public record Existing(boolean repositoryExists, Map<String, RemoteManifest> images) {
    public Existing {
      images = Map.copyOf(images);
    }
  }

  /** Whether the host is a private registry of Amazon ECR, or a named emulator. */
  public boolean serves(String registry) {
    return emulators.contains(registry) || host(registry).isPresent();
  }

  @Override
  public Optional<Credential> credential(String registry) {
    if (!serves(registry)) {
      return Optional.empty();
    }
    try {
      return Optional.of(tokens.get(client(registry)));
    } catch (SdkException e) {
      throw EcrErrors.of(e, "ecr:GetAuthorizationToken", registry, Optional.empty());
    }
  }

  @Override
  public void expire(String registry) {
    if (serves(registry)) {
      tokens.expire(client(registry));
    }
  }

  /**
   * Asks which of these tags exist, 100 a call.
   *
   * @throws ImageSpecException if that cannot be found out; what is not known is never taken to
   *     exist
   */
  public Existing images(RemoteRepository repository, Collection<String> tags) {
    Map<String, RemoteManifest> images = new HashMap<>();
    List<String> all = List.copyOf(tags);
    try {
      for (int from = 0; from < all.size(); from += BATCH) {
        List<ImageIdentifier> ids = new ArrayList<>();
        for (String tag : all.subList(from, Math.min(from + BATCH, all.size()))) {
          ids.add(ImageIdentifier.builder().imageTag(tag).build());
        }
        BatchGetImageResponse answer =
            client(repository.registry())
                .batchGetImage(
                    request ->
                        request
                            .registryId(account(repository.registry()))
                            .repositoryName(repository.name().value())
                            .acceptedMediaTypes(MEDIA_TYPES)
                            .imageIds(ids));
        answer.images().forEach(image -> put(repository, images, image));
        answer.failures().forEach(failure -> check(repository, failure));
        if (answer.images().size() + answer.failures().size() < ids.size()) {
          throw new ImageSpecException(
              FailureCode.PROTOCOL,
              "Amazon ECR says nothing of some tags of " + repository + ". Register again.");
        }
      }
      return new Existing(true, images);
    } catch (RepositoryNotFoundException e) {
      return new Existing(false, Map.of());
    } catch (SdkException e) {
      throw EcrErrors.of(e, "ecr:BatchGetImage", repository.registry(), Optional.of(repository));
    }
  }

  /**
   * Creates a repository.
   *
   * @param mutableTags whether its tags may be moved
   * @return whether it was created; it may be there already
   */
  public boolean createRepository(RemoteRepository repository, boolean mutableTags) {
    try {
      client(repository.registry())
          .createRepository(
              request ->
                  request
                      .registryId(account(repository.registry()))
                      .repositoryName(repository.name().value())
                      .imageTagMutability(
                          mutableTags ? ImageTagMutability.MUTABLE : ImageTagMutability.IMMUTABLE)
                      .tags(Tag.builder().key("managed-by").value("imagespec").build()));
      return true;
    } catch (RepositoryAlreadyExistsException e) {
      return false;
    } catch (SdkException e) {
      throw EcrErrors.of(
          e,
          String.valueOf(e.getMessage()).contains("TagResource")
              ? "ecr:TagResource"
              : "ecr:CreateRepository",
          repository.registry(),
          Optional.of(repository));
    }
  }

  /**
   * Lists what a repository keeps.
   *
   * @return empty if the repository does not exist
   */
  public Optional<List<StoredImage>> stored(RemoteRepository repository) {
    String registry = repository.registry();
    return EcrImages.list(client(registry), account(registry), repository);
  }

  /** Examines a repository of a registry that it {@link #serves}. */
  public EcrExamination examine(RemoteRepository repository) {
    String registry = repository.registry();
    return new EcrExamination(client(registry), account(registry), repository);
  }

  /** Requests sent to the API. */
  public long requests() {
    return clients.requests();
  }

  private static void put(
      RemoteRepository repository, Map<String, RemoteManifest> images, Image image) {
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

  private static void check(RemoteRepository repository, ImageFailure failure) {
    if (failure.failureCode() == ImageFailureCode.IMAGE_NOT_FOUND) {
      return;
    }
    throw new ImageSpecException(
        FailureCode.PROTOCOL,
        "Amazon ECR has the image "
            + repository
            + ":"
            + failure.imageId().imageTag()
            + ", but does not give it: "
            + failure.failureReason()
            + " An archived image is restored with `aws ecr update-image-storage-class`.");
  }

  private EcrClient client(String registry) {
    return emulators.contains(registry)
        ? clients.ofEmulator(registry, emulatorRegion)
        : clients.of(host(registry).orElseThrow());
  }

  private @org.jspecify.annotations.Nullable String account(String registry) {
    return emulators.contains(registry)
        ? emulatorAccount.orElse(null)
        : host(registry).map(EcrHost::account).orElse(null);
  }

  private static Optional<EcrHost> host(String registry) {
    return EcrHost.parse(registry.replaceFirst(":[0-9]+$", ""));
  }

  @Override
  public void close() {
    clients.close();
  }
}
