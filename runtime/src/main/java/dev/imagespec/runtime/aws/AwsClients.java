package dev.imagespec.runtime.aws;

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
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Sets up the SDK's clients: credentials, retries, and the masking of what signs requests. The SDK
 * finds endpoints, profiles and credentials itself: {@code AWS_ENDPOINT_URL_ECR}, {@code
 * AWS_PROFILE} and the rest of its chain work as usual.
 */
public final class AwsClients implements AutoCloseable {
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
  private final Once<Region, AwsCredentialsProvider> credentials = new Once<>();
  private final List<SdkAutoCloseable> closed = Collections.synchronizedList(new ArrayList<>());

  /**
   * Clients with the SDK's own credentials.
   *
   * @param role the role to assume with them; empty to use them directly
   */
  public AwsClients(Optional<AssumedRole> role) {
    this(role, AwsClients::standardRetries);
  }

  /** Clients with another way of waiting or of sending. */
  public AwsClients(
      Optional<AssumedRole> role, Consumer<ClientOverrideConfiguration.Builder> tuning) {
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

  /**
   * The region that the SDK finds: {@code AWS_REGION}, the profile's, or the machine's.
   *
   * @throws software.amazon.awssdk.core.exception.SdkClientException if it finds none
   */
  public static Region standardRegion() {
    return DefaultAwsRegionProviderChain.builder().build().getRegion();
  }

  /** Gives a client its region, credentials and retries. Its requests count. */
  public <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B configured(
      B builder, Region region) {
    return common(builder, List.of(counter()))
        .region(region)
        .credentialsProvider(credentials(region));
  }

  /** A client of the AWS Security Token Service with the same credentials; must be closed. */
  public StsClient sts(Region region) {
    return common(StsClient.builder(), List.of())
        .region(region)
        .credentialsProvider(credentials(region))
        .build();
  }

  /**
   * Finds the credentials that a region's clients use.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if there are none, or the role
   *     cannot be assumed
   */
  public void requireCredentials(Region region) {
    credentials(region).resolveCredentials();
  }

  /** The number of requests that clients have sent; each attempt of the SDK counts. */
  public long requests() {
    return requests.get();
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

  /** Masks the parts of a credential, too, from now on. */
  public void mask(String user, String password) {
    secrets.addBasic(user, password);
  }

  /** A text of an API, with all secrets masked that were sent to it, or came from it. */
  public String redact(String text) {
    return secrets.apply(text);
  }

  private ExecutionInterceptor counter() {
    return new ExecutionInterceptor() {
      @Override
      public void beforeTransmission(
          Context.BeforeTransmission context, ExecutionAttributes attributes) {
        requests.incrementAndGet();
      }
    };
  }

  @Override
  public void close() {
    closed.forEach(SdkAutoCloseable::close);
  }
}
