package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.ecr.EcrPermission.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/**
 * Finds out which permissions an identity has in an Amazon ECR repository, without changing
 * anything. Tries each permission with a request for something that does not exist: without the
 * permission, the request is denied; with it, nothing is found.
 */
public final class EcrExamination {
  private static final String NOBODYS_DIGEST = "sha256:" + "0".repeat(64);

  /** The API's errors for requests that are allowed but name nothing that exists. */
  private static final Set<String> ALLOWED =
      Set.of(
          "RepositoryNotFoundException",
          "ImageNotFoundException",
          "LayersNotFoundException",
          "LayerInaccessibleException",
          "UploadNotFoundException",
          "RepositoryPolicyNotFoundException",
          "LifecyclePolicyNotFoundException");

  private final EcrAddresses addresses;
  private final EcrClient client;
  private final @Nullable String account;
  private final Repository repository;

  EcrExamination(EcrAddresses addresses, Repository repository) {
    this.addresses = addresses;
    this.client = addresses.client(repository.registry());
    this.account = addresses.account(repository.registry());
    this.repository = repository;
  }

  /**
   * The identity that makes the requests.
   *
   * @param arn the identity's ARN
   * @param account its account
   */
  public record Identity(String arn, String account) {}

  /**
   * A repository's settings.
   *
   * @param mutableTags whether its tags can be moved
   * @param description its settings in words
   */
  public record State(boolean mutableTags, String description) {}

  /**
   * What a registration needs in addition to pushing.
   *
   * @param create whether it will create the repository
   * @param pullPolicy whether it lets other accounts pull
   * @param lifecycle whether it makes images expire
   */
  public record Needs(boolean create, boolean pullPolicy, boolean lifecycle) {}

  /**
   * The identity that makes the requests, from the AWS Security Token Service ({@code
   * GetCallerIdentity}, which needs no permission).
   *
   * @throws ImageSpecException if the service does not say
   */
  public Identity identity() {
    try (StsClient sts = addresses.sts(repository.registry())) {
      GetCallerIdentityResponse answer = sts.getCallerIdentity();
      return new Identity(answer.arn(), answer.account());
    } catch (SdkException e) {
      // Without the cause: it may contain what was sent.
      throw new ImageSpecException(
          FailureCode.UNREACHABLE,
          "The AWS Security Token Service does not say whose credentials these are: "
              + e.getMessage());
    }
  }

  /**
   * The repository as it is now.
   *
   * @return empty if it does not exist
   * @throws ImageSpecException if that cannot be found out
   */
  public Optional<State> state() {
    try {
      software.amazon.awssdk.services.ecr.model.Repository found =
          client
              .describeRepositories(
                  request -> request.registryId(account).repositoryNames(repository.name().value()))
              .repositories()
              .get(0);
      boolean immutable = found.imageTagMutability() == ImageTagMutability.IMMUTABLE;
      boolean scanned =
          found.imageScanningConfiguration() != null
              && Boolean.TRUE.equals(found.imageScanningConfiguration().scanOnPush());
      String encryption =
          found.encryptionConfiguration() == null
              ? ""
              : ", encrypted by " + found.encryptionConfiguration().encryptionTypeAsString();
      return Optional.of(
          new State(
              !immutable,
              (immutable ? "immutable tags" : found.imageTagMutabilityAsString() + " tags")
                  + (scanned ? ", scanned on push" : ", not scanned on push by its own setting")
                  + encryption));
    } catch (RepositoryNotFoundException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw addresses.failure(
          e, "ecr:DescribeRepositories", repository.registry(), Optional.of(repository));
    }
  }

  /** The permissions that a registration needs, each probed or listed as not probed. */
  public List<EcrPermission> permissions(Needs needs) {
    String name = repository.name().value();
    List<EcrPermission> found = new ArrayList<>();
    found.add(
        probe(
            "ecr:BatchGetImage",
            () ->
                client.batchGetImage(
                    r ->
                        r.registryId(account)
                            .repositoryName(name)
                            .imageIds(
                                ImageIdentifier.builder().imageDigest(NOBODYS_DIGEST).build()))));
    found.add(
        probe(
            "ecr:BatchCheckLayerAvailability",
            () ->
                client.batchCheckLayerAvailability(
                    r -> r.registryId(account).repositoryName(name).layerDigests(NOBODYS_DIGEST))));
    found.add(
        probe(
            "ecr:GetDownloadUrlForLayer",
            () ->
                client.getDownloadUrlForLayer(
                    r -> r.registryId(account).repositoryName(name).layerDigest(NOBODYS_DIGEST))));
    found.add(notProbed("ecr:InitiateLayerUpload", "it would start an upload"));
    String nobodys = UUID.randomUUID().toString();
    found.add(
        probe(
            "ecr:UploadLayerPart",
            () ->
                client.uploadLayerPart(
                    r ->
                        r.registryId(account)
                            .repositoryName(name)
                            .uploadId(nobodys)
                            .partFirstByte(0L)
                            .partLastByte(0L)
                            .layerPartBlob(SdkBytes.fromByteArray(new byte[1])))));
    found.add(
        probe(
            "ecr:CompleteLayerUpload",
            () ->
                client.completeLayerUpload(
                    r ->
                        r.registryId(account)
                            .repositoryName(name)
                            .uploadId(nobodys)
                            .layerDigests(NOBODYS_DIGEST))));
    found.add(notProbed("ecr:PutImage", "it would push an image"));
    found.add(
        probe(
            "ecr:DescribeImages",
            () ->
                client.describeImages(
                    r -> r.registryId(account).repositoryName(name).maxResults(1))));
    found.add(
        probe(
            "ecr:DescribeRepositories",
            () -> client.describeRepositories(r -> r.registryId(account).repositoryNames(name))));
    if (needs.create()) {
      found.add(notProbed("ecr:CreateRepository", "it would create the repository"));
      found.add(notProbed("ecr:TagResource", "it would tag the repository"));
    }
    if (needs.pullPolicy()) {
      found.add(
          probe(
              "ecr:GetRepositoryPolicy",
              () -> client.getRepositoryPolicy(r -> r.registryId(account).repositoryName(name))));
      found.add(notProbed("ecr:SetRepositoryPolicy", "it would change the policy"));
    }
    if (needs.lifecycle()) {
      found.add(
          probe(
              "ecr:GetLifecyclePolicy",
              () -> client.getLifecyclePolicy(r -> r.registryId(account).repositoryName(name))));
      found.add(notProbed("ecr:PutLifecyclePolicy", "it would change the policy"));
    }
    return List.copyOf(found);
  }

  private static EcrPermission notProbed(String action, String why) {
    return new EcrPermission(action, Answer.NOT_PROBED, why);
  }

  private EcrPermission probe(String action, Runnable request) {
    try {
      request.run();
      return new EcrPermission(action, Answer.ALLOWED, "");
    } catch (AwsServiceException e) {
      String code =
          e.awsErrorDetails() == null ? "" : String.valueOf(e.awsErrorDetails().errorCode());
      if (ALLOWED.contains(code)) {
        return new EcrPermission(action, Answer.ALLOWED, "");
      }
      if (code.contains("AccessDenied")) {
        return new EcrPermission(
            action, Answer.DENIED, String.valueOf(e.awsErrorDetails().errorMessage()));
      }
      return failed(action, e);
    } catch (SdkException e) {
      return failed(action, e);
    }
  }

  private EcrPermission failed(String action, SdkException e) {
    return new EcrPermission(
        action,
        Answer.FAILED,
        addresses.failure(e, action, repository.registry(), Optional.of(repository)).getMessage());
  }
}
