package dev.imagespec.runtime.registry.ecr;

import java.util.List;
import software.amazon.awssdk.services.ecr.model.ImageTagMutabilityExclusionFilter;
import software.amazon.awssdk.services.ecr.model.Repository;

/**
 * The settings of an existing repository.
 *
 * @param mutability {@code MUTABLE}, {@code IMMUTABLE}, or one of these with exclusions
 * @param exclusions filters for the tags to which the mutability does not apply
 * @param scanOnPush whether the repository's own setting scans images when they are pushed
 * @param encryption {@code AES256} or a kind of KMS
 * @param kmsKey the key's ARN, or empty
 */
record RepositoryState(
    String mutability,
    List<String> exclusions,
    boolean scanOnPush,
    String encryption,
    String kmsKey) {
  RepositoryState {
    exclusions = List.copyOf(exclusions);
  }

  static RepositoryState of(Repository repository) {
    var encryption = repository.encryptionConfiguration();
    var scanning = repository.imageScanningConfiguration();
    return new RepositoryState(
        repository.imageTagMutabilityAsString(),
        repository.imageTagMutabilityExclusionFilters().stream()
            .map(ImageTagMutabilityExclusionFilter::filter)
            .toList(),
        scanning != null && Boolean.TRUE.equals(scanning.scanOnPush()),
        encryption == null ? "AES256" : encryption.encryptionTypeAsString(),
        encryption == null || encryption.kmsKey() == null ? "" : encryption.kmsKey());
  }

  /** Whether this tag can be moved to another image. */
  boolean mayMoveTag(String tag) {
    boolean excluded = exclusions.stream().anyMatch(filter -> TagPattern.matches(filter, tag));
    return mutability.startsWith("IMMUTABLE") == excluded;
  }

  /** Whether tags with this prefix can be moved to another image. */
  boolean mayMove(String prefix) {
    boolean excluded = exclusions.stream().anyMatch(filter -> TagPattern.meets(filter, prefix));
    return switch (mutability) {
      case "IMMUTABLE" -> false;
      case "IMMUTABLE_WITH_EXCLUSION" -> excluded;
      case "MUTABLE_WITH_EXCLUSION" ->
          exclusions.stream().noneMatch(filter -> TagPattern.covers(filter, prefix));
      default -> true;
    };
  }
}
