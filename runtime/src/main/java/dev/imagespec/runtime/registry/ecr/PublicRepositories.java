package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecrpublic.model.RegistryAlias;
import software.amazon.awssdk.services.ecrpublic.model.RepositoryAlreadyExistsException;
import software.amazon.awssdk.services.ecrpublic.model.RepositoryNotFoundException;
import software.amazon.awssdk.services.ecrpublic.model.Tag;

/**
 * Repositories of Amazon ECR Public. A repository's name starts with the alias of an account's
 * registry. The API knows only the registry of its own account, and names without the alias.
 */
public final class PublicRepositories {
  private final EcrAddresses addresses;

  PublicRepositories(EcrAddresses addresses) {
    this.addresses = addresses;
  }

  /**
   * Whether a repository exists.
   *
   * @throws ImageSpecException if its alias does not belong to the current account
   */
  public boolean exists(Repository repository) {
    checkAlias(repository);
    try {
      addresses
          .publicClient()
          .describeRepositories(request -> request.repositoryNames(name(repository)));
      return true;
    } catch (RepositoryNotFoundException e) {
      return false;
    } catch (SdkException e) {
      throw addresses.failure(
          e, "ecr-public:DescribeRepositories", repository.registry(), Optional.of(repository));
    }
  }

  /**
   * Creates a repository.
   *
   * @return false if it already exists
   */
  public boolean create(Repository repository) {
    Tag tag = Tag.builder().key(EcrRepositories.TAG_KEY).value(EcrRepositories.TAG_VALUE).build();
    try {
      addresses
          .publicClient()
          .createRepository(request -> request.repositoryName(name(repository)).tags(tag));
      return true;
    } catch (RepositoryAlreadyExistsException e) {
      return false;
    } catch (SdkException e) {
      throw addresses.failure(
          e, "ecr-public:CreateRepository", repository.registry(), Optional.of(repository));
    }
  }

  /** The AWS CLI command that creates a repository. */
  public String creation(Repository repository) {
    return "aws ecr-public create-repository --region us-east-1 --repository-name "
        + name(repository);
  }

  /**
   * Checks that the alias belongs to our account. Otherwise the repository would be created in
   * another registry than the one to push to.
   */
  private void checkAlias(Repository repository) {
    String alias = alias(repository);
    try {
      List<String> own =
          addresses.publicClient().describeRegistries(request -> {}).registries().stream()
              .flatMap(registry -> registry.aliases().stream())
              .map(RegistryAlias::name)
              .toList();
      if (!own.contains(alias)) {
        throw new ImageSpecException(
            FailureCode.DENIED,
            repository.registry()
                + "/"
                + alias
                + " is not the registry of the AWS account in use; its own is "
                + (own.isEmpty() ? "not made yet" : String.join(", ", own))
                + ". Set the registry, or AWS_PROFILE.");
      }
    } catch (SdkException e) {
      throw addresses.failure(
          e, "ecr-public:DescribeRegistries", repository.registry(), Optional.of(repository));
    }
  }

  private static String alias(Repository repository) {
    String name = repository.name().value();
    int slash = name.indexOf('/');
    return slash < 0 ? name : name.substring(0, slash);
  }

  private static String name(Repository repository) {
    String name = repository.name().value();
    return name.substring(name.indexOf('/') + 1);
  }
}
