package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.EcrHost;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.RegistryRules;
import dev.imagespec.runtime.registry.auth.Credential;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecrpublic.EcrPublicClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Which registries belong to Amazon ECR, by their host names or because a setting names them as
 * emulators, and which SDK client to use for each.
 */
final class EcrAddresses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EcrAddresses.class);

  private final EcrClients clients;
  private final Set<Registry> emulators;
  private final Optional<String> emulatorAccount;
  private final Optional<String> emulatorRegion;
  private final Set<Registry> publicHosts;

  /**
   * The addresses of Amazon ECR.
   *
   * @param publicHosts emulators of Amazon ECR Public
   */
  EcrAddresses(
      EcrClients clients,
      Set<Registry> emulators,
      Optional<String> account,
      Optional<String> region,
      Set<Registry> publicHosts) {
    this.clients = clients;
    this.emulators = Set.copyOf(emulators);
    this.emulatorAccount = account;
    this.emulatorRegion = region;
    this.publicHosts = Set.copyOf(publicHosts);
  }

  EcrAddresses(
      EcrClients clients,
      Set<Registry> emulators,
      Optional<String> account,
      Optional<String> region) {
    this(clients, emulators, account, region, Set.of());
  }

  boolean isPrivate(Registry registry) {
    return emulators.contains(registry) || registry.ecr().isPresent();
  }

  boolean isPublic(Registry registry) {
    return registry.isEcrPublic() || publicHosts.contains(registry);
  }

  EcrClient client(Registry registry) {
    return emulators.contains(registry)
        ? clients.ofEmulator(registry, emulatorRegion)
        : clients.of(registry.ecr().orElseThrow());
  }

  /** Makes the client that is asked later. If that fails, it fails again when it is asked. */
  void getReady(Registry registry) {
    try {
      EcrClient unused = client(registry);
    } catch (RuntimeException | LinkageError e) {
      // A build tool may close the class loader of a run that failed meanwhile.
      LOG.debug("no client for {} yet: {}", registry, redact(String.valueOf(e.getMessage())));
    }
  }

  EcrPublicClient publicClient() {
    return clients.ofPublic();
  }

  /** A client that tells which identity a registry is used with; must be closed. */
  StsClient sts(Registry registry) {
    return clients.sts(
        emulators.contains(registry)
            ? emulatorRegion.map(Region::of)
            : registry.ecr().map(host -> Region.of(host.region())));
  }

  /** The account that owns the registry; null for the API's default. */
  @Nullable String account(Registry registry) {
    return emulators.contains(registry)
        ? emulatorAccount.orElse(null)
        : registry.ecr().map(EcrHost::account).orElse(null);
  }

  /** The scope of a token: the registries of a region, or all emulators. */
  String tokenScope(Registry registry) {
    if (isPublic(registry)) {
      return "public";
    }
    return emulators.contains(registry)
        ? "emulator"
        : registry.ecr().map(EcrHost::region).orElseThrow();
  }

  /** The partition's name in ARNs. */
  String partition(Registry registry) {
    return registry.ecr().map(host -> host.partition().id()).orElse("aws");
  }

  /** The AWS CLI options that select a registry: its region and account. */
  String cliOptions(Registry registry) {
    return registry
        .ecr()
        .map(host -> " --region " + host.region() + " --registry-id " + host.account())
        .orElse("");
  }

  /** The registry's rules; the specification's if it is not an Amazon ECR registry. */
  RegistryRules rules(Registry registry) {
    if (isPublic(registry)) {
      return EcrRules.ofPublic();
    }
    return emulators.contains(registry)
        ? EcrRules.ofEmulator(registry)
        : registry.ecr().<RegistryRules>map(EcrRules::of).orElse(RegistryRules.SPECIFICATION);
  }

  /**
   * The failure for an exception of the SDK, with all secrets masked that the API was told or has
   * told: it may quote them.
   *
   * @param action the IAM action that was used, for example {@code ecr:BatchGetImage}
   * @param registry the registry
   * @param repository the repository, if there is one
   */
  ImageSpecException failure(
      SdkException e, String action, Registry registry, Optional<Repository> repository) {
    ImageSpecException failure = EcrErrors.of(e, action, registry, repository);
    String shown = redact(failure.getMessage());
    return shown.equals(failure.getMessage())
        ? failure
        : new ImageSpecException(failure.code(), shown);
  }

  /** A text of the API, with all secrets masked. */
  String redact(String text) {
    return clients.aws().redact(text);
  }

  /** Masks what the API gave as a token, from now on. */
  EcrTokens.Given masked(EcrTokens.Given given) {
    Credential credential = given.credential();
    clients.aws().mask(credential.user(), credential.password());
    return given;
  }

  /** The region of the emulators; empty for the SDK's default. */
  Optional<String> emulatorRegion() {
    return emulatorRegion;
  }

  long requests() {
    return clients.aws().requests();
  }

  @Override
  public void close() {
    clients.close();
  }
}
