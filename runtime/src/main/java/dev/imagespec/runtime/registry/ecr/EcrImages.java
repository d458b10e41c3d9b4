package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.StoredImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ecr.model.DescribeImagesResponse;
import software.amazon.awssdk.services.ecr.model.ImageDetail;
import software.amazon.awssdk.services.ecr.model.ImageScanFindingsSummary;
import software.amazon.awssdk.services.ecr.model.ImageScanStatus;
import software.amazon.awssdk.services.ecr.model.ImageStatus;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;

/** Lists what a repository of Amazon ECR keeps ({@code DescribeImages}, which is no pull). */
final class EcrImages {
  /** {@code DescribeImages} gives no more at once. */
  private static final int PAGE = 1000;

  /** As many images as a repository can have, in full pages. */
  private static final int MAX_PAGES = 100;

  private EcrImages() {}

  /**
   * All images of a repository.
   *
   * @param account the registry's account, or null for the caller's own
   * @return empty if the repository does not exist
   */
  static Optional<List<StoredImage>> list(
      EcrClient client, @Nullable String account, Repository repository) {
    List<StoredImage> images = new ArrayList<>();
    Set<String> tokens = new HashSet<>();
    DescribeImagesRequest.Builder request =
        DescribeImagesRequest.builder()
            .registryId(account)
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
      throw EcrErrors.of(e, "ecr:DescribeImages", repository.registry(), Optional.of(repository));
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
}
