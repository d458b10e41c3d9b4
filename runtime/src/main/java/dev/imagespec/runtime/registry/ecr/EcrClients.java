package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.EcrHost;
import dev.imagespec.model.Registry;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Redaction;
import dev.imagespec.runtime.work.Once;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.EcrClientBuilder;
import software.amazon.awssdk.services.ecrpublic.EcrPublicClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The SDK's clients, one per endpoint. The SDK finds endpoints, profiles and credentials itself:
 * {@code AWS_ENDPOINT_URL_ECR}, {@code AWS_PROFILE} and the rest of its chain work as usual.
 */
final class EcrClients implements AutoCloseable {
  /** The only region that issues tokens for Amazon ECR Public. */
  private static final Region PUBLIC_REGION = Region.US_EAST_1;

  private static final String SESSION = "imagespec";
  private static final int ATTEMPTS = 8;
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration FIRST_WAIT_THROTTLED = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  /** Emulators take any words for keys, which are no secrets. */
  private static final int SHORTEST_SECRET = 16;

  private final Redaction secrets = new Redaction();
  private final AtomicLong requests = new AtomicLong();
  private final Optional<AssumedRole> role;
  private final Consumer<ClientOverrideConfiguration.Builder> tuning;
  private final Once<String, EcrClient> clients = new Once<>();
  private final Once<Region, AwsCredentialsProvider> credentials = new Once<>();
  private final Once<Region, EcrPublicClient> publicClients = new Once<>();
  private final List<SdkAutoCloseable> closed = Collections.synchronizedList(new ArrayList<>());

  EcrClients(Optional<AssumedRole> role) {
    this(role, EcrClients::standardRetries);
  }

  /** Clients with another way of waiting or of sending. */
  EcrClients(Optional<AssumedRole> role, Consumer<ClientOverrideConfiguration.Builder> tuning) {
    this.role = role;
    this.tuning = tuning;
  }

  /** Retries after random waits, whose upper limit doubles each time. */
  private static void standardRetries(ClientOverrideConfiguration.Builder configuration) {
    configuration.retryStrategy(
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(ATTEMPTS)
            .backoffStrategy(BackoffStrategy.exponentialDelay(FIRST_WAIT, LONGEST_WAIT))
            .throttlingBackoffStrategy(
                BackoffStrategy.exponentialDelay(FIRST_WAIT_THROTTLED, LONGEST_WAIT))
            .circuitBreakerEnabled(false)
            .build());
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
        PUBLIC_REGION, () -> configured(EcrPublicClient.builder(), PUBLIC_REGION).build());
  }

  /** A client of the AWS Security Token Service with the same credentials; must be closed. */
  StsClient sts(Optional<Region> region) {
    Region at = region.orElseGet(() -> DefaultAwsRegionProviderChain.builder().build().getRegion());
    return common(StsClient.builder(), List.of())
        .region(at)
        .credentialsProvider(credentials(at))
        .build();
  }

  /** The number of requests sent to Amazon ECR; each attempt of the SDK counts. */
  long requests() {
    return requests.get();
  }

  private static boolean isRedirected(EcrClient client) {
    return client.serviceClientConfiguration().endpointOverride().isPresent();
  }

  private EcrClientBuilder builder(Optional<Region> region) {
    return configured(
        EcrClient.builder(),
        region.orElseGet(() -> DefaultAwsRegionProviderChain.builder().build().getRegion()));
  }

  private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B configured(
      B builder, Region region) {
    return common(builder, counter()).region(region).credentialsProvider(credentials(region));
  }

  private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B common(
      B builder, List<ExecutionInterceptor> interceptors) {
    ClientOverrideConfiguration.Builder configuration = ClientOverrideConfiguration.builder();
    interceptors.forEach(configuration::addExecutionInterceptor);
    tuning.accept(configuration);
    return builder
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .overrideConfiguration(configuration.build());
  }

  /** The SDK's credential chain, or the configured role, assumed with the chain's credentials. */
  private AwsCredentialsProvider credentials(Region region) {
    return credentials.get(
        region,
        () -> {
          NamedProfile.require();
          DefaultCredentialsProvider chain = DefaultCredentialsProvider.builder().build();
          closed.add(chain);
          if (role.isEmpty()) {
            return masked(SignerLog.guard(chain));
          }
          StsClient sts =
              common(StsClient.builder(), List.of())
                  .region(region)
                  .credentialsProvider(masked(SignerLog.guard(chain)))
                  .build();
          StsAssumeRoleCredentialsProvider assumed =
              StsAssumeRoleCredentialsProvider.builder()
                  .stsClient(sts)
                  .refreshRequest(
                      request -> {
                        request.roleArn(role.get().arn()).roleSessionName(SESSION);
                        role.get().externalId().ifPresent(request::externalId);
                      })
                  .build();
          closed.add(assumed);
          closed.add(sts);
          return masked(SignerLog.guard(assumed));
        });
  }

  /** Masks what signs requests, from its first use on. */
  private AwsCredentialsProvider masked(AwsCredentialsProvider source) {
    return () -> {
      AwsCredentials found = source.resolveCredentials();
      if (found.secretAccessKey().length() >= SHORTEST_SECRET) {
        secrets.add(found.secretAccessKey());
      }
      if (found instanceof AwsSessionCredentials session
          && session.sessionToken().length() >= SHORTEST_SECRET) {
        secrets.add(session.sessionToken());
      }
      return found;
    };
  }

  /** The secrets that were sent to the API, or came from it. */
  Redaction secrets() {
    return secrets;
  }

  private List<ExecutionInterceptor> counter() {
    return List.of(
        new ExecutionInterceptor() {
          @Override
          public void beforeTransmission(
              Context.BeforeTransmission context, ExecutionAttributes attributes) {
            requests.incrementAndGet();
          }
        });
  }

  @Override
  public void close() {
    clients.values().forEach(EcrClient::close);
    publicClients.values().forEach(EcrPublicClient::close);
    closed.forEach(SdkAutoCloseable::close);
  }
}
