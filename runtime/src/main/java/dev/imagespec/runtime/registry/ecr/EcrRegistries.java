package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.aws.AssumedRole;
import dev.imagespec.runtime.registry.RegistryRules;
import dev.imagespec.runtime.registry.auth.Credential;
import dev.imagespec.runtime.registry.auth.CredentialSource;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The registries of Amazon ECR, through its API: tokens, images and repositories. A registry
 * belongs to it by its host name, or because a setting names it as an emulator.
 */
public final class EcrRegistries implements CredentialSource, AutoCloseable {
  private final EcrAddresses addresses;
  private final EcrTokens tokens;

  EcrRegistries(EcrAddresses addresses, Clock clock) {
    this.addresses = addresses;
    this.tokens = new EcrTokens(clock);
  }

  /**
   * The registries. Connects on first use.
   *
   * @param emulators hosts of emulators of Amazon ECR, with their ports
   * @param account the account of their repositories; empty for the API's default
   * @param region their region; empty for the SDK's default
   * @param role the role to assume with the SDK's credentials; empty to use those directly
   */
  public static EcrRegistries of(
      Set<Registry> emulators,
      Optional<String> account,
      Optional<String> region,
      Optional<AssumedRole> role) {
    return new EcrRegistries(
        new EcrAddresses(new EcrClients(role), emulators, account, region), Clock.systemUTC());
  }

  /**
   * Gets ready in the background to ask for images in these registries: to load the SDK and what
   * Java trusts takes longer than the request. Asks no registry. Who asks later learns what fails.
   */
  public void getReady(Collection<Registry> registries) {
    List<Registry> own = registries.stream().filter(this::isPrivate).toList();
    if (!own.isEmpty()) {
      Thread start = new Thread(() -> own.forEach(addresses::getReady), "imagespec-ecr-start");
      start.setDaemon(true);
      start.start();
    }
  }

  /** Whether the host is a private Amazon ECR registry, or a configured emulator of one. */
  public boolean isPrivate(Registry registry) {
    return addresses.isPrivate(registry);
  }

  /** Whether the host is Amazon ECR Public. */
  public boolean isPublic(Registry registry) {
    return addresses.isPublic(registry);
  }

  /** A registry's rules; the specification's if it is not an Amazon ECR registry. */
  public RegistryRules rules(Registry registry) {
    return addresses.rules(registry);
  }

  /** The repositories of private registries. */
  public EcrRepositories repositories() {
    return new EcrRepositories(addresses);
  }

  /** The repositories of Amazon ECR Public. */
  public PublicRepositories publicRepositories() {
    return new PublicRepositories(addresses);
  }

  /** The region of the emulators; empty for the SDK's default. */
  public Optional<String> emulatorRegion() {
    return addresses.emulatorRegion();
  }

  @Override
  public Optional<Credential> credential(Registry registry) {
    try {
      if (isPrivate(registry)) {
        return Optional.of(tokens.get(addresses.tokenScope(registry), () -> ask(registry)));
      }
      if (isPublic(registry)) {
        return Optional.of(tokens.get(addresses.tokenScope(registry), this::askPublic));
      }
      return Optional.empty();
    } catch (SdkException e) {
      throw addresses.failure(
          e,
          isPublic(registry) ? "ecr-public:GetAuthorizationToken" : "ecr:GetAuthorizationToken",
          registry,
          Optional.empty());
    }
  }

  /** Everybody may read Amazon ECR Public, even without AWS credentials. */
  @Override
  public Optional<Credential> readingCredential(Registry registry) {
    return isPublic(registry) ? Optional.empty() : credential(registry);
  }

  @Override
  public void expire(Registry registry) {
    if (isPrivate(registry) || isPublic(registry)) {
      tokens.expire(addresses.tokenScope(registry));
    }
  }

  // The SDK's own classes print the token in clear: never log the answers.
  private EcrTokens.Given ask(Registry registry) {
    var data =
        addresses.client(registry).getAuthorizationToken(request -> {}).authorizationData().get(0);
    return addresses.masked(new EcrTokens.Given(data.authorizationToken(), data.expiresAt()));
  }

  private EcrTokens.Given askPublic() {
    var data = addresses.publicClient().getAuthorizationToken(request -> {}).authorizationData();
    return addresses.masked(new EcrTokens.Given(data.authorizationToken(), data.expiresAt()));
  }

  /** The images in private registries. */
  public EcrImages images() {
    return new EcrImages(addresses);
  }

  /** Examines a repository of a {@linkplain #isPrivate private} registry. */
  public EcrExamination examine(Repository repository) {
    return new EcrExamination(addresses, repository);
  }

  /** The number of requests sent to the API. */
  public long requests() {
    return addresses.requests();
  }

  @Override
  public void close() {
    addresses.close();
  }
}
