package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.Existing;
import dev.imagespec.runtime.registry.StoredImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.BatchGetImageResponse;
import software.amazon.awssdk.services.ecr.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ecr.model.DescribeImagesResponse;
import software.amazon.awssdk.services.ecr.model.Image;
import software.amazon.awssdk.services.ecr.model.ImageDetail;
import software.amazon.awssdk.services.ecr.model.ImageFailure;
import software.amazon.awssdk.services.ecr.model.ImageFailureCode;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.ImageNotFoundException;
import software.amazon.awssdk.services.ecr.model.ImageScanFindingsSummary;
import software.amazon.awssdk.services.ecr.model.ImageScanStatus;
import software.amazon.awssdk.services.ecr.model.ImageStatus;
import software.amazon.awssdk.services.ecr.model.LayerAvailability;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;

/** The images in repositories of Amazon ECR: which exist, which are archived, and lists of all. */
public final class EcrImages {
  /** The limit of {@code BatchGetImage}. */
  private static final int BATCH = 100;

  /** The largest page of {@code DescribeImages}. */
  private static final int PAGE = 1000;

  /** Full pages for the most images that a repository can have. */
  private static final int MAX_PAGES = 100;

  private final EcrAddresses addresses;

  EcrImages(EcrAddresses addresses) {
    this.addresses = addresses;
  }

  /**
   * Asks which of these tags exist, with one call per 100 tags.
   *
   * @throws ImageSpecException if that cannot be found out; a tag whose state is unknown is never
   *     assumed to exist
   */
  public Existing<RawManifest> existing(Repository repository, Collection<String> tags) {
    Map<String, RawManifest> images = new HashMap<>();
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
                            .acceptedMediaTypes(MediaType.ofImages())
                            .imageIds(ids));
        for (Image image : answer.images()) {
          String tag = image.imageId().imageTag();
          try {
            images.put(tag, manifest(repository, image));
          } catch (InvalidDocumentException e) {
            unknown.put(tag, noImage(repository, tag, e));
          }
        }
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
      return new Existing<>(true, images, unknown);
    } catch (RepositoryNotFoundException e) {
      return new Existing<>(false, Map.of(), Map.of());
    } catch (SdkException e) {
      throw addresses.failure(
          e, "ecr:BatchGetImage", repository.registry(), Optional.of(repository));
    }
  }

  /**
   * Which of these blobs a repository has, with one call per 100. One that is archived must be sent
   * again.
   *
   * @return their sizes in bytes, or -1 where Amazon ECR does not say
   * @throws ImageSpecException if that cannot be found out
   */
  public Map<Digest, Long> available(Repository repository, Collection<Digest> blobs) {
    Map<Digest, Long> available = new HashMap<>();
    List<String> all = blobs.stream().map(Digest::toString).sorted().toList();
    try {
      for (int from = 0; from < all.size(); from += BATCH) {
        List<String> part = all.subList(from, Math.min(from + BATCH, all.size()));
        addresses
            .client(repository.registry())
            .batchCheckLayerAvailability(
                request ->
                    request
                        .registryId(addresses.account(repository.registry()))
                        .repositoryName(repository.name().value())
                        .layerDigests(part))
            .layers()
            .stream()
            .filter(layer -> layer.layerAvailability() == LayerAvailability.AVAILABLE)
            .filter(layer -> part.contains(layer.layerDigest()))
            .forEach(
                layer ->
                    available.put(
                        Digest.parse(layer.layerDigest()),
                        layer.layerSize() == null ? -1 : layer.layerSize()));
      }
      return available;
    } catch (SdkException e) {
      throw addresses.failure(
          e, "ecr:BatchCheckLayerAvailability", repository.registry(), Optional.of(repository));
    }
  }

  /**
   * Why a tag that may not be written cannot be read either.
   *
   * @return the failure to report if the tag's image is archived; else empty
   */
  public Optional<ImageSpecException> archived(Repository repository, String tag) {
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
      throw addresses.failure(
          e, "ecr:DescribeImages", repository.registry(), Optional.of(repository));
    }
  }

  /**
   * All images of a repository. Uses {@code DescribeImages}, which does not count as a pull.
   *
   * @return empty if the repository does not exist
   */
  public Optional<List<StoredImage>> list(Repository repository) {
    EcrClient client = addresses.client(repository.registry());
    List<StoredImage> images = new ArrayList<>();
    Set<String> tokens = new HashSet<>();
    DescribeImagesRequest.Builder request =
        DescribeImagesRequest.builder()
            .registryId(addresses.account(repository.registry()))
            .repositoryName(repository.name().value())
            .maxResults(PAGE);
    try {
      while (true) {
        DescribeImagesResponse page = client.describeImages(request.build());
        page.imageDetails().forEach(detail -> images.add(image(repository, detail)));
        String next = page.nextToken();
        if (next == null || next.isEmpty()) {
          return Optional.of(List.copyOf(images));
        }
        if (!tokens.add(next) || tokens.size() > MAX_PAGES) {
          throw new ImageSpecException(
              FailureCode.PROTOCOL, repository + " lists its images without an end.");
        }
        request.nextToken(next);
      }
    } catch (RepositoryNotFoundException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw addresses.failure(
          e, "ecr:DescribeImages", repository.registry(), Optional.of(repository));
    }
  }

  /**
   * These images of a repository, by tag. Uses {@code DescribeImages}, one call per 100 tags.
   *
   * @param tags tags that exist
   */
  public Map<String, StoredImage> details(Repository repository, Collection<String> tags) {
    Map<String, StoredImage> images = new HashMap<>();
    List<String> all = List.copyOf(tags);
    try {
      for (int from = 0; from < all.size(); from += BATCH) {
        List<ImageIdentifier> ids =
            all.subList(from, Math.min(from + BATCH, all.size())).stream()
                .map(tag -> ImageIdentifier.builder().imageTag(tag).build())
                .toList();
        addresses
            .client(repository.registry())
            .describeImages(
                request ->
                    request
                        .registryId(addresses.account(repository.registry()))
                        .repositoryName(repository.name().value())
                        .imageIds(ids))
            .imageDetails()
            .stream()
            .map(detail -> image(repository, detail))
            .forEach(image -> image.tags().forEach(tag -> images.put(tag, image)));
      }
      return images;
    } catch (SdkException e) {
      throw addresses.failure(
          e, "ecr:DescribeImages", repository.registry(), Optional.of(repository));
    }
  }

  private static StoredImage image(Repository repository, ImageDetail detail) {
    try {
      return new StoredImage(
          Digest.parse(detail.imageDigest()),
          detail.imageTags(),
          Optional.ofNullable(detail.imagePushedAt()),
          detail.imageSizeInBytes() == null
              ? OptionalLong.empty()
              : OptionalLong.of(detail.imageSizeInBytes()),
          detail.imageStatus() == ImageStatus.ARCHIVED,
          scan(detail.imageScanStatus(), detail.imageScanFindingsSummary()));
    } catch (IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL, repository + " lists an image whose digest is none.", e);
    }
  }

  private static Optional<StoredImage.Scan> scan(
      @Nullable ImageScanStatus status, @Nullable ImageScanFindingsSummary findings) {
    if (status == null && findings == null) {
      return Optional.empty();
    }
    return Optional.of(
        new StoredImage.Scan(
            status == null ? "" : status.statusAsString(),
            findings == null ? Map.of() : findings.findingSeverityCountsAsStrings()));
  }

  private static RawManifest manifest(Repository repository, Image image)
      throws InvalidDocumentException {
    byte[] bytes = image.imageManifest().getBytes(StandardCharsets.UTF_8);
    String stated = image.imageManifestMediaType();
    // Emulators leave out the media type.
    RawManifest manifest =
        RawManifest.read(stated == null ? RawManifest.declaredType(bytes) : stated, bytes);
    if (!manifest.digest().toString().equals(image.imageId().imageDigest())) {
      throw new ImageSpecException(
          FailureCode.DIGEST_MISMATCH,
          "Amazon ECR gives a manifest of " + repository + " under a digest that is not its own.");
    }
    return manifest;
  }

  private static ImageSpecException noImage(
      Repository repository, String tag, InvalidDocumentException why) {
    return new ImageSpecException(
        FailureCode.PROTOCOL,
        "What "
            + repository
            + ":"
            + tag
            + " names cannot be read: "
            + why.getMessage()
            + ". Delete the tag, or push another image there.",
        why);
  }

  /** The failure for an image that exists but cannot be read. */
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
            + addresses.redact(String.valueOf(failure.failureReason())));
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
}
