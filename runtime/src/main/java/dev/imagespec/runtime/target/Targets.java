package dev.imagespec.runtime.target;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.auth.CredentialSource;
import dev.imagespec.runtime.registry.ecr.EcrRegistries;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The targets of a registration. Only this class decides what kind a registry is. */
public final class Targets {
  private final EcrRegistries ecr;
  private final RegistryClient client;
  private final CredentialSource credentials;
  private final RepositoryDefaults defaults;
  private final Map<Registry, Target> known = new ConcurrentHashMap<>();

  public Targets(
      EcrRegistries ecr,
      RegistryClient client,
      CredentialSource credentials,
      RepositoryDefaults defaults) {
    this.ecr = ecr;
    this.client = client;
    this.credentials = credentials;
    this.defaults = defaults;
  }

  /** The target for a registry. Makes no request. */
  public Target of(Registry registry) {
    return known.computeIfAbsent(registry, this::choose);
  }

  private Target choose(Registry registry) {
    if (ecr.isPrivate(registry)) {
      return new EcrTarget(registry, ecr, defaults);
    }
    OciTarget plain = new OciTarget(registry, client, credentials);
    return ecr.isPublic(registry)
        ? new EcrPublicTarget(plain, ecr.publicRepositories(), defaults)
        : plain;
  }
}
