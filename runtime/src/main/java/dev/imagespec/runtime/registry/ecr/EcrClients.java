package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.EcrHost;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.EcrClientBuilder;

/**
 * The SDK's clients, one per end point. End points, profiles and credentials are the SDK's own
 * business: {@code AWS_ENDPOINT_URL_ECR}, {@code AWS_PROFILE} and the rest of its chain work as
 * everywhere.
 */
final class EcrClients implements AutoCloseable {
  private static final List<String> ENDPOINTS = List.of("AWS_ENDPOINT_URL_ECR", "AWS_ENDPOINT_URL");

  private final AtomicLong requests = new AtomicLong();
  private final Map<String, EcrClient> clients = new ConcurrentHashMap<>();

  /** The client for a registry of Amazon ECR. */
  EcrClient of(EcrHost host) {
    return clients.computeIfAbsent(
        host.region() + (host.fips() ? " fips" : "") + (host.dualStack() ? " dual" : ""),
        key ->
            builder()
                .region(Region.of(host.region()))
                .fipsEnabled(host.fips())
                .dualstackEnabled(host.dualStack())
                .build());
  }

  /**
   * The client for an emulator.
   *
   * @throws ImageSpecException if no end point is set: a token of Amazon's own would go to the
   *     emulator
   */
  EcrClient ofEmulator(String registry, Optional<String> region) {
    boolean redirected =
        ENDPOINTS.stream()
            .anyMatch(
                name ->
                    System.getenv(name) != null
                        || System.getProperty(
                                name.startsWith("AWS_ENDPOINT_URL_")
                                    ? "aws.endpointUrlEcr"
                                    : "aws.endpointUrl")
                            != null);
    if (!redirected) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          registry
              + " is named as an emulator of Amazon ECR, but nothing says where its API is; set"
              + " AWS_ENDPOINT_URL_ECR.");
    }
    return clients.computeIfAbsent(
        region.orElse("default"),
        key -> {
          EcrClientBuilder builder = builder();
          region.ifPresent(name -> builder.region(Region.of(name)));
          return builder.build();
        });
  }

  /** Requests sent, each try of the SDK's for itself. */
  long requests() {
    return requests.get();
  }

  private EcrClientBuilder builder() {
    ExecutionInterceptor counter =
        new ExecutionInterceptor() {
          @Override
          public void beforeTransmission(
              Context.BeforeTransmission context, ExecutionAttributes attributes) {
            requests.incrementAndGet();
          }
        };
    return EcrClient.builder()
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .overrideConfiguration(
            ClientOverrideConfiguration.builder().addExecutionInterceptor(counter).build());
  }

  @Override
  public void close() {
    clients.values().forEach(EcrClient::close);
  }
}
