package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.EcrHost;
import dev.imagespec.model.Registry;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.aws.AssumedRole;
import dev.imagespec.runtime.aws.AwsClients;
import dev.imagespec.runtime.work.Once;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.EcrClientBuilder;
import software.amazon.awssdk.services.ecrpublic.EcrPublicClient;
import software.amazon.awssdk.services.sts.StsClient;

/** The SDK's clients of Amazon ECR, one per endpoint. */
final class EcrClients implements AutoCloseable {
  /** The only region that issues tokens for Amazon ECR Public. */
  private static final Region PUBLIC_REGION = Region.US_EAST_1;

  private final AwsClients aws;
  private final Once<String, EcrClient> clients = new Once<>();
  private final Once<Region, EcrPublicClient> publicClients = new Once<>();

  EcrClients(Optional<AssumedRole> role) {
    this.aws = new AwsClients(role);
  }

  /** Clients with another way of waiting or of sending. */
  EcrClients(Optional<AssumedRole> role, Consumer<ClientOverrideConfiguration.Builder> tuning) {
    this.aws = new AwsClients(role, tuning);
  }

  /** The client for an Amazon ECR registry. */
  EcrClient of(EcrHost host) {
    return clients.get(
        host.region() + (host.fips() ? " fips" : "") + (host.dualStack() ? " dual" : ""),
        () -> {
          Region region = Region.of(host.region());
          EcrClient plain = builder(Optional.of(region)).build();
          if ((!host.fips() && !host.dualStack()) || isRedirected(plain)) {
            // If an endpoint is set, such as that of a VPC, use it as it is.
            return plain;
          }
          plain.close();
          return builder(Optional.of(region))
              .fipsEnabled(host.fips())
              .dualstackEnabled(host.dualStack())
              .build();
        });
  }

  /**
   * The client for an emulator.
   *
   * @throws ImageSpecException if no endpoint is set: the emulator would get a token from Amazon
   *     itself
   */
  EcrClient ofEmulator(Registry registry, Optional<String> region) {
    return clients.get(
        "emulator " + region.orElse("default"),
        () -> {
          EcrClient client = builder(region.map(Region::of)).build();
          if (!isRedirected(client)) {
            client.close();
            throw new ImageSpecException(
                FailureCode.INVALID_SETTING,
                registry
                    + " is named as an emulator of Amazon ECR, but nothing says where its API is; set"
                    + " AWS_ENDPOINT_URL_ECR.");
          }
          return client;
        });
  }

  /** The client for Amazon ECR Public. */
  EcrPublicClient ofPublic() {
    return publicClients.get(
        PUBLIC_REGION, () -> aws.configured(EcrPublicClient.builder(), PUBLIC_REGION).build());
  }

  /** A client of the AWS Security Token Service with the same credentials; must be closed. */
  StsClient sts(Optional<Region> region) {
    return aws.sts(region.orElseGet(AwsClients::standardRegion));
  }

  /** Credentials, masking and counting. */
  AwsClients aws() {
    return aws;
  }

  private static boolean isRedirected(EcrClient client) {
    return client.serviceClientConfiguration().endpointOverride().isPresent();
  }

  private EcrClientBuilder builder(Optional<Region> region) {
    return aws.configured(EcrClient.builder(), region.orElseGet(AwsClients::standardRegion));
  }

  @Override
  public void close() {
    clients.values().forEach(EcrClient::close);
    publicClients.values().forEach(EcrPublicClient::close);
    aws.close();
  }
}
