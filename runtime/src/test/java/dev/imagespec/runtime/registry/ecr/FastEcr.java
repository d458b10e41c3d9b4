package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.aws.AssumedRole;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/** Amazon ECR in this process, asked without waiting between tries. */
public final class FastEcr {
  private FastEcr() {}

  /** A registry that is named as an emulator. */
  public static EcrRegistries of(String emulator) {
    return of(Set.of(emulator), Set.of(), Optional.empty(), Clock.systemUTC());
  }

  /** A registry that is taken for Amazon ECR Public. */
  public static EcrRegistries ofPublic(String emulator) {
    return of(Set.of(), Set.of(emulator), Optional.empty(), Clock.systemUTC());
  }

  static EcrRegistries of(
      Set<String> emulators, Set<String> publics, Optional<AssumedRole> role, Clock clock) {
    return new EcrRegistries(
        new EcrAddresses(
            new EcrClients(role, FastEcr::noWaiting),
            registries(emulators),
            Optional.empty(),
            Optional.of("us-east-1"),
            registries(publics)),
        clock);
  }

  private static Set<Registry> registries(Set<String> hosts) {
    return hosts.stream().map(Registry::parse).collect(Collectors.toSet());
  }

  static void noWaiting(ClientOverrideConfiguration.Builder configuration) {
    configuration.retryStrategy(
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(8)
            .backoffStrategy(BackoffStrategy.retryImmediately())
            .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())
            .circuitBreakerEnabled(false)
            .build());
  }
}
