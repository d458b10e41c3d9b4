package dev.imagespec.runtime.registry.auth;

import dev.imagespec.model.Registry;
import java.util.Optional;
import java.util.Set;

/** One credential, for the registries that images are pushed to. No other registry gets it. */
public final class TargetCredential implements CredentialSource {
  private final Set<Registry> targets;
  private final Credential credential;

  public TargetCredential(Set<Registry> targets, Credential credential) {
    this.targets = Set.copyOf(targets);
    this.credential = credential;
  }

  @Override
  public Optional<Credential> credential(Registry registry) {
    return targets.contains(registry) ? Optional.of(credential) : Optional.empty();
  }
}
