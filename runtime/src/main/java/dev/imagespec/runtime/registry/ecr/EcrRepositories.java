package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecr.model.CreateRepositoryRequest;
import software.amazon.awssdk.services.ecr.model.EncryptionType;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;
import software.amazon.awssdk.services.ecr.model.ImageTagMutabilityExclusionFilterType;
import software.amazon.awssdk.services.ecr.model.LifecyclePolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.RepositoryAlreadyExistsException;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;
import software.amazon.awssdk.services.ecr.model.RepositoryPolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.Tag;

/**
 * Repositories of Amazon ECR: creates them, compares them with what is wanted, and sets the
 * requested policies. Keeps what others wrote into a policy.
 */
public final class EcrRepositories {
  /** The limit of {@code DescribeRepositories} on names. */
  private static final int BATCH = 100;

  /** The resource tag of repositories that ImageSpec creates. */
  static final String TAG_KEY = "managed-by";

  static final String TAG_VALUE = "imagespec";

  private final EcrAddresses addresses;

  EcrRepositories(EcrAddresses addresses) {
    this.addresses = addresses;
  }

  /**
   * Creates a repository.
   *
   * @return false if it already exists
   */
  public boolean create(Repository repository, WantedRepository wanted) {
    try {
      addresses.client(repository.registry()).createRepository(request(repository, wanted));
      return true;
    } catch (RepositoryAlreadyExistsException e) {
      return false;
    } catch (SdkException e) {
      throw addresses.failure(
          e, "ecr:CreateRepository", repository.registry(), Optional.of(repository));
    }
  }

  /** The AWS CLI command that creates the wanted repository. */
  public String creation(Repository repository, WantedRepository wanted) {
    StringBuilder command =
        new StringBuilder("aws ecr create-repository")
            .append(cli(repository))
            .append(" --image-tag-mutability ")
            .append(mutability(wanted));
    if (mutability(wanted) == ImageTagMutability.IMMUTABLE_WITH_EXCLUSION) {
      command.append(" --image-tag-mutability-exclusion-filters");
      wanted
          .mutableTagFilters()
          .forEach(filter -> command.append(" filterType=WILDCARD,filter=").append(filter));
    }
    if (wanted.scanOnPush()) {
      command.append(" --image-scanning-configuration scanOnPush=true");
    }
    if (!wanted.kmsKey().isEmpty()) {
      command
          .append(" --encryption-configuration encryptionType=KMS,kmsKey=")
          .append(wanted.kmsKey());
    }
    return command.toString();
  }

  /**
   * How existing repositories differ from what is wanted. Makes one call per 100 repositories of a
   * registry.
   *
   * @return sentences by repository, without repositories that match or no longer exist
   */
  public Map<Repository, List<String>> differences(Map<Repository, WantedRepository> wanted) {
    Map<Repository, List<String>> differences = new LinkedHashMap<>();
    Map<Registry, List<Repository>> byRegistry =
        wanted.keySet().stream()
            .collect(
                Collectors.groupingBy(
                    Repository::registry, LinkedHashMap::new, Collectors.toList()));
    byRegistry
        .values()
        .forEach(
            repositories ->
                describe(repositories)
                    .forEach(
                        (repository, state) -> {
                          WantedRepository asked = wanted.get(repository);
                          List<String> found =
                              asked == null ? List.of() : asked.differences(state, cli(repository));
                          if (!found.isEmpty()) {
                            differences.put(repository, found);
                          }
                        }));
    return differences;
  }

  /**
   * Which tags cannot be moved to another image. Makes one call per 100 repositories.
   *
   * @param tags tags by their repositories, all of one registry
   * @return why, for each that cannot be moved
   */
  public Map<ImageReference, ImageSpecException> immovable(Map<Repository, Set<String>> tags) {
    Map<ImageReference, ImageSpecException> refused = new LinkedHashMap<>();
    describe(List.copyOf(tags.keySet()))
        .forEach(
            (repository, state) -> {
              for (String tag : tags.getOrDefault(repository, Set.of())) {
                if (!state.mayMoveTag(tag)) {
                  refused.put(repository.image(tag), immovable(repository, state, tag));
                }
              }
            });
    return refused;
  }

  private ImageSpecException immovable(Repository repository, RepositoryState state, String tag) {
    List<String> filters = new ArrayList<>();
    if (state.mutability().startsWith("IMMUTABLE")) {
      filters.addAll(state.exclusions());
      filters.add(tag);
    }
    StringBuilder command =
        new StringBuilder("aws ecr put-image-tag-mutability").append(cli(repository));
    if (filters.isEmpty()) {
      command.append(" --image-tag-mutability MUTABLE");
    } else {
      command
          .append(" --image-tag-mutability IMMUTABLE_WITH_EXCLUSION")
          .append(" --image-tag-mutability-exclusion-filters");
      filters.forEach(filter -> command.append(" filterType=WILDCARD,filter=").append(filter));
    }
    return new ImageSpecException(
        FailureCode.TAG_IMMUTABLE,
        "The tag "
            + tag
            + " names another image in "
            + repository
            + ", whose tags are "
            + state.mutability()
            + ", so it cannot be moved. Use another tag, or let this one be moved: "
            + command
            + "; for repositories that are created, name it in imagespec.ecr.mutable-tag-filters.");
  }

  private Map<Repository, RepositoryState> describe(List<Repository> repositories) {
    Map<Repository, RepositoryState> states = new LinkedHashMap<>();
    for (int from = 0; from < repositories.size(); from += BATCH) {
      List<Repository> batch =
          repositories.subList(from, Math.min(from + BATCH, repositories.size()));
      Repository first = batch.get(0);
      Map<String, Repository> byName =
          batch.stream().collect(Collectors.toMap(r -> r.name().value(), r -> r));
      try {
        List<software.amazon.awssdk.services.ecr.model.Repository> found =
            addresses
                .client(first.registry())
                .describeRepositories(
                    request ->
                        request
                            .registryId(addresses.account(first.registry()))
                            .repositoryNames(byName.keySet()))
                .repositories();
        for (software.amazon.awssdk.services.ecr.model.Repository repository : found) {
          Repository named = byName.get(repository.repositoryName());
          if (named != null) {
            states.put(named, RepositoryState.of(repository));
          }
        }
      } catch (RepositoryNotFoundException e) {
        // One of them was deleted in the meantime: ask for each alone to get the others.
        if (batch.size() > 1) {
          batch.forEach(repository -> states.putAll(describe(List.of(repository))));
        }
      } catch (SdkException e) {
        throw addresses.failure(
            e, "ecr:DescribeRepositories", first.registry(), Optional.of(first));
      }
    }
    return states;
  }

  /**
   * Allows principals to pull.
   *
   * @param isNew whether the repository was just created, so that it has no policy
   * @return what changed, in words; empty if nothing did
   */
  public Optional<String> allowPull(
      Repository repository, Collection<String> principals, boolean isNew) {
    Set<String> arns =
        principals.stream()
            .map(principal -> arn(repository.registry(), principal))
            .collect(Collectors.toCollection(TreeSet::new));
    String existing = isNew ? "" : policy(repository);
    PullPolicy merged = PullPolicy.merge(repository, existing, arns);
    if (!merged.changed()) {
      return Optional.empty();
    }
    call(
        repository,
        "ecr:SetRepositoryPolicy",
        () ->
            addresses
                .client(repository.registry())
                .setRepositoryPolicy(
                    request ->
                        request
                            .registryId(addresses.account(repository.registry()))
                            .repositoryName(repository.name().value())
                            .policyText(merged.text())));
    return Optional.of(
        "may be pulled from by "
            + String.join(", ", arns)
            + (merged.removed().isEmpty()
                ? ""
                : "; no longer by " + String.join(", ", merged.removed())));
  }

  /** A principal's name in a policy; ECR stores an account as the ARN of its root. */
  private String arn(Registry registry, String principal) {
    return principal.matches("[0-9]{12}")
        ? "arn:" + addresses.partition(registry) + ":iam::" + principal + ":root"
        : principal;
  }

  private String policy(Repository repository) {
    try {
      return addresses
          .client(repository.registry())
          .getRepositoryPolicy(
              request ->
                  request
                      .registryId(addresses.account(repository.registry()))
                      .repositoryName(repository.name().value()))
          .policyText();
    } catch (RepositoryPolicyNotFoundException e) {
      return "";
    } catch (SdkException e) {
      throw addresses.failure(
          e, "ecr:GetRepositoryPolicy", repository.registry(), Optional.of(repository));
    }
  }

  /**
   * The result for a lifecycle policy.
   *
   * @param changed what changed, in words; empty if nothing did
   * @param dangers rules of others that can delete registered images
   */
  public record Lifecycle(Optional<String> changed, List<String> dangers) {}

  /**
   * Makes registered images expire, if that is requested, and looks for rules of others that make
   * them expire.
   *
   * @param days days after which images expire; 0 to change nothing
   * @param isNew whether the repository was just created, so that it has no policy
   */
  public Lifecycle expire(Repository repository, int days, boolean isNew) {
    String existing = isNew ? "" : lifecycle(repository);
    LifecycleRules rules = LifecycleRules.parse(repository, existing);
    String merged = days == 0 ? existing : rules.expiringAfter(days);
    if (merged.equals(existing)) {
      return new Lifecycle(Optional.empty(), rules.dangers());
    }
    call(
        repository,
        "ecr:PutLifecyclePolicy",
        () ->
            addresses
                .client(repository.registry())
                .putLifecyclePolicy(
                    request ->
                        request
                            .registryId(addresses.account(repository.registry()))
                            .repositoryName(repository.name().value())
                            .lifecyclePolicyText(merged)));
    return new Lifecycle(
        Optional.of("its registered images expire " + days + " days after they were pushed"),
        rules.dangers());
  }

  private String lifecycle(Repository repository) {
    try {
      return addresses
          .client(repository.registry())
          .getLifecyclePolicy(
              request ->
                  request
                      .registryId(addresses.account(repository.registry()))
                      .repositoryName(repository.name().value()))
          .lifecyclePolicyText();
    } catch (LifecyclePolicyNotFoundException e) {
      return "";
    } catch (SdkException e) {
      throw addresses.failure(
          e, "ecr:GetLifecyclePolicy", repository.registry(), Optional.of(repository));
    }
  }

  private CreateRepositoryRequest request(Repository repository, WantedRepository wanted) {
    CreateRepositoryRequest.Builder request =
        CreateRepositoryRequest.builder()
            .registryId(addresses.account(repository.registry()))
            .repositoryName(repository.name().value())
            .imageTagMutability(mutability(wanted))
            .tags(Tag.builder().key(TAG_KEY).value(TAG_VALUE).build());
    if (mutability(wanted) == ImageTagMutability.IMMUTABLE_WITH_EXCLUSION) {
      request.imageTagMutabilityExclusionFilters(
          wanted.mutableTagFilters().stream()
              .map(
                  filter ->
                      software.amazon.awssdk.services.ecr.model.ImageTagMutabilityExclusionFilter
                          .builder()
                          .filterType(ImageTagMutabilityExclusionFilterType.WILDCARD)
                          .filter(filter)
                          .build())
              .toList());
    }
    if (wanted.scanOnPush()) {
      request.imageScanningConfiguration(scanning -> scanning.scanOnPush(true));
    }
    if (!wanted.kmsKey().isEmpty()) {
      request.encryptionConfiguration(
          encryption -> encryption.encryptionType(EncryptionType.KMS).kmsKey(wanted.kmsKey()));
    }
    return request.build();
  }

  private static ImageTagMutability mutability(WantedRepository wanted) {
    if (wanted.mutableTags()) {
      return ImageTagMutability.MUTABLE;
    }
    return wanted.mutableTagFilters().isEmpty()
        ? ImageTagMutability.IMMUTABLE
        : ImageTagMutability.IMMUTABLE_WITH_EXCLUSION;
  }

  private String cli(Repository repository) {
    return addresses.cliOptions(repository.registry()) + " --repository-name " + repository.name();
  }

  private <T> void call(Repository repository, String action, Supplier<T> call) {
    try {
      T unused = call.get();
    } catch (SdkException e) {
      ImageSpecException failure =
          addresses.failure(e, action, repository.registry(), Optional.of(repository));
      if (failure.code() == FailureCode.PROTOCOL && failure.getMessage().contains("policy")) {
        throw new ImageSpecException(
            FailureCode.POLICY_CONFLICT,
            failure.getMessage()
                + " Check that every principal of pullPrincipals exists, and the rest of the policy.");
      }
      throw failure;
    }
  }
}
