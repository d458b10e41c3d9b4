package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.EcrHost;
import dev.imagespec.model.RegistryHost;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecrpublic.EcrPublicClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Which registries are Amazon ECR's, by their host names or because a setting names them as
 * emulators, and which client asks for them.
 */
final class EcrAddresses implements AutoCloseable {
  private final EcrClients clients;
  private final Set<String> emulators;
  private final Optional<String> emulatorAccount;
  private final Optional<String> emulatorRegion;
  private final Set<String> publicHosts;

  /**
   * Addresses.
   *
   * @param publicHosts hosts that are Amazon ECR Public, without port; with it for tests
   */
  EcrAddresses(
      EcrClients clients,
      Set<String> emulators,
      Optional<String> account,
      Optional<String> region,
      Set<String> publicHosts) {
    this.clients = clients;
    this.emulators = Set.copyOf(emulators);
    this.emulatorAccount = account;
    this.emulatorRegion = region;
    this.publicHosts = Set.copyOf(publicHosts);
  }

  EcrAddresses(
      EcrClients clients,
      Set<String> emulators,
      Optional<String> account,
      Optional<String> region) {
    this(clients, emulators, account, region, Set.of(RegistryHost.ECR_PUBLIC));
  }

  boolean isPrivate(String registry) {
    return emulators.contains(registry) || host(registry).isPresent();
  }

  boolean isPublic(String registry) {
    return publicHosts.contains(registry) || publicHosts.contains(hostName(registry));
  }

  EcrClient client(String registry) {
    return emulators.contains(registry)
        ? clients.ofEmulator(registry, emulatorRegion)
        : clients.of(host(registry).orElseThrow());
  }

  EcrPublicClient publicClient() {
    return clients.ofPublic();
  }

  /** A client that says whose credentials a registry is asked with; to be closed. */
  StsClient sts(String registry) {
    return clients.sts(
        emulators.contains(registry)
            ? emulatorRegion.map(Region::of)
            : host(registry).map(host -> Region.of(host.region())));
  }

  /** The account that owns the registry; null for the API's own choice. */
  @Nullable String account(String registry) {
    return emulators.contains(registry)
        ? emulatorAccount.orElse(null)
        : host(registry).map(EcrHost::account).orElse(null);
  }

  /** What one token serves: the registries of a region, or all emulators. */
  String tokenScope(String registry) {
    if (isPublic(registry)) {
      return "public";
    }
    return emulators.contains(registry)
        ? "emulator"
        : host(registry).map(EcrHost::region).orElseThrow();
  }

  /** The name of the partition in an ARN. */
  String partition(String registry) {
    return host(registry).map(host -> host.partition().id()).orElse("aws");
  }

  /** The options of the AWS CLI that name a registry: its region and account. */
  String cliOptions(String registry) {
    return host(registry)
        .map(host -> " --region " + host.region() + " --registry-id " + host.account())
        .orElse("");
  }

  long requests() {
    return clients.requests();
  }

  private static Optional<EcrHost> host(String registry) {
    return EcrHost.parse(hostName(registry));
  }

  private static String hostName(String registry) {
    return registry.replaceFirst(":[0-9]+$", "");
  }

  @Override
  public void close() {
    clients.close();
  }
}
