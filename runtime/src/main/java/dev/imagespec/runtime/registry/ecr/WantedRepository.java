package dev.imagespec.runtime.registry.ecr;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a repository of Amazon ECR should be configured.
 *
 * @param mutableTags whether tags can be moved
 * @param mutableTagFilters filters for tags that can be moved even if others cannot, with {@code *}
 *     for any characters
 * @param scanOnPush whether images are scanned when they are pushed
 * @param kmsKey the ARN of the key to encrypt with; empty for ECR's default
 * @param pullPrincipals accounts and ARNs of other accounts that may pull
 * @param expireAfterDays days after which pushed images expire; 0 for never
 */
public record WantedRepository(
    boolean mutableTags,
    List<String> mutableTagFilters,
    boolean scanOnPush,
    String kmsKey,
    List<String> pullPrincipals,
    int expireAfterDays) {

  /** The prefixes of the tags of registered images: of environments and of tasks' images. */
  static final List<String> TAG_PREFIXES = List.of("env1-", "is1-");

  private static final int MOST_FILTERS = 5;
  private static final Pattern FILTER = Pattern.compile("[0-9a-zA-Z._*-]{1,128}");

  public WantedRepository {
    mutableTagFilters = List.copyOf(mutableTagFilters);
    pullPrincipals = List.copyOf(pullPrincipals);
  }

  /**
   * Checks filters for mutable tags.
   *
   * @throws IllegalArgumentException if Amazon ECR does not accept a filter, or a registered
   *     image's tag matches one
   */
  public static void checkFilters(List<String> filters) {
    if (filters.size() > MOST_FILTERS) {
      throw new IllegalArgumentException("Amazon ECR takes at most " + MOST_FILTERS + " filters");
    }
    for (String filter : filters) {
      if (!FILTER.matcher(filter).matches()) {
        throw new IllegalArgumentException(
            "\""
                + filter
                + "\" is no filter of tags: letters, digits, dots, dashes, underscores and *");
      }
      if (TAG_PREFIXES.stream().anyMatch(prefix -> TagPattern.meets(filter, prefix))) {
        throw new IllegalArgumentException(
            "\"" + filter + "\" also matches the tags of registered images, which nobody may move");
      }
    }
  }

  /** Whether it asks for more than a repository to push to. */
  public boolean asksForMore() {
    return scanOnPush || !kmsKey.isEmpty() || !pullPrincipals.isEmpty() || expireAfterDays > 0;
  }

  /**
   * How an existing repository differs from this: one sentence each, with the way to change it.
   * Leaves out harmless differences in what nobody asked for.
   *
   * @param cli the AWS CLI options that select the repository
   */
  List<String> differences(RepositoryState there, String cli) {
    List<String> differences = new ArrayList<>();
    boolean movable = TAG_PREFIXES.stream().anyMatch(there::mayMove);
    if (movable && !mutableTags) {
      differences.add(
          "its tags are "
              + there.mutability()
              + ", asked for are IMMUTABLE tags, which nobody can move to another image: aws ecr"
              + " put-image-tag-mutability"
              + cli
              + " --image-tag-mutability IMMUTABLE");
    } else if (!movable && mutableTags) {
      differences.add(
          "its tags are "
              + there.mutability()
              + ", asked for are MUTABLE ones: aws ecr put-image-tag-mutability"
              + cli
              + " --image-tag-mutability MUTABLE");
    }
    for (String filter : mutableTags ? List.<String>of() : mutableTagFilters) {
      if (!there.mutability().startsWith("MUTABLE") && !there.exclusions().contains(filter)) {
        differences.add(
            "its tags like "
                + filter
                + " cannot be moved, asked for is that they can: aws ecr put-image-tag-mutability"
                + cli
                + " --image-tag-mutability IMMUTABLE_WITH_EXCLUSION"
                + " --image-tag-mutability-exclusion-filters filterType=WILDCARD,filter="
                + filter);
      }
    }
    if (scanOnPush && !there.scanOnPush()) {
      differences.add(
          "it is not scanned on push by its own setting, asked for is that it is: aws ecr"
              + " put-image-scanning-configuration"
              + cli
              + " --image-scanning-configuration scanOnPush=true");
    }
    // The answer does not say what an alias stands for, so only two keys can be compared.
    boolean otherKey =
        !there.kmsKey().equals(kmsKey)
            && !(kmsKey.contains(":alias/") && !there.kmsKey().isEmpty());
    if (!kmsKey.isEmpty() && otherKey) {
      differences.add(
          "it is encrypted with "
              + (there.kmsKey().isEmpty() ? there.encryption() : there.kmsKey())
              + ", asked for is "
              + kmsKey
              + "; that cannot be changed, only another repository can have it");
    }
    return List.copyOf(differences);
  }
}
