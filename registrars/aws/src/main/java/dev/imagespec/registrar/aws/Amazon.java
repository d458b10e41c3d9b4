package dev.imagespec.registrar.aws;

import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.aws.AwsClients;
import dev.imagespec.runtime.aws.AwsErrors;
import dev.imagespec.runtime.work.Once;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.batch.BatchClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** The services, in one region and with one identity. Connects on first use. */
final class Amazon implements AutoCloseable {
  /** A role that was made just before is known everywhere after some seconds. */
  private static final List<Duration> ROLE_WAITS =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(4),
          Duration.ofSeconds(8));

  /** Who is asked for credentials. */
  private static final AwsErrors.Wording IDENTITY =
      new AwsErrors.Wording(
          "the AWS Security Token Service", "AWS_ENDPOINT_URL_STS", "imagespec.aws");

  private final AwsSettings settings;
  private final AwsClients clients;
  private final Sleeper sleeper;
  private final Once<Service, SdkAutoCloseable> connected = new Once<>();
  private final Once<Service, Pace> paces = new Once<>();

  Amazon(AwsSettings settings, AwsClients clients, Sleeper sleeper) {
    this.settings = settings;
    this.clients = clients;
    this.sleeper = sleeper;
  }

  EcsClient ecs() {
    return (EcsClient)
        connected.get(Service.ECS, () -> clients.configured(EcsClient.builder(), region()).build());
  }

  BatchClient batch() {
    return (BatchClient)
        connected.get(
            Service.BATCH, () -> clients.configured(BatchClient.builder(), region()).build());
  }

  LambdaClient lambda() {
    return (LambdaClient)
        connected.get(
            Service.LAMBDA, () -> clients.configured(LambdaClient.builder(), region()).build());
  }

  /** A client that tells which identity is used; must be closed. */
  StsClient sts() {
    return clients.sts(region());
  }

  /** The address that is set for AWS Lambda; empty if it is Amazon's own. */
  Optional<URI> lambdaEndpoint() {
    return lambda().serviceClientConfiguration().endpointOverride();
  }

  /**
   * The region of the services.
   *
   * @throws ImageSpecException if neither a setting nor the SDK says one
   */
  Region region() {
    return settings
        .region()
        .orElseGet(
            () -> {
              try {
                return AwsClients.standardRegion();
              } catch (SdkException e) {
                throw failure(IDENTITY, new ServiceErrors(Service.ECS), e, "", "the definitions");
              }
            });
  }

  /**
   * Finds credentials, so that their absence is one failure and not one a definition.
   *
   * @throws ImageSpecException if there are none
   */
  void requireCredentials() {
    try {
      clients.requireCredentials(region());
    } catch (SdkException e) {
      throw failure(
          IDENTITY, new ServiceErrors(Service.ECS), e, "sts:AssumeRole", "AWS in " + region());
    }
  }

  /**
   * Asks something.
   *
   * @param action the IAM action that it needs
   * @param where what it is about, for messages
   * @throws ImageSpecException if the service does not answer as hoped
   */
  <T> T ask(Service service, String action, String where, Supplier<T> request) {
    try {
      return request.get();
    } catch (SdkException e) {
      throw failure(service, e, action, where);
    }
  }

  /**
   * Changes something, not faster than the service takes it. If it does not know a role, tries
   * again for some seconds.
   *
   * @param action the IAM action that it needs
   * @param where what it is about, for messages
   * @throws ImageSpecException if the service refuses
   */
  <T> T change(Service service, String action, String where, Supplier<T> request)
      throws InterruptedException {
    for (Duration wait : ROLE_WAITS) {
      pace(service).await();
      try {
        return request.get();
      } catch (SdkException e) {
        if (!ServiceErrors.isRole(e)) {
          throw failure(service, e, action, where);
        }
        sleeper.sleep(wait);
      }
    }
    pace(service).await();
    return ask(service, action, where, request);
  }

  private Pace pace(Service service) {
    return paces.get(
        service, () -> new Pace(service.perSecond(), service.burst(), System::nanoTime, sleeper));
  }

  /** Waits. */
  void sleep(Duration duration) throws InterruptedException {
    sleeper.sleep(duration);
  }

  private ImageSpecException failure(Service service, SdkException e, String action, String where) {
    return failure(service.wording(), new ServiceErrors(service), e, action, where);
  }

  private ImageSpecException failure(
      AwsErrors.Wording words, ServiceErrors own, SdkException e, String action, String where) {
    ImageSpecException failure = new AwsErrors(words, own).of(e, action, where);
    String shown = clients.redact(failure.getMessage());
    return shown.equals(failure.getMessage())
        ? failure
        : new ImageSpecException(failure.code(), shown);
  }

  @Override
  public void close() {
    connected.values().forEach(SdkAutoCloseable::close);
    clients.close();
  }
}
