package dev.imagespec.runtime.registry.auth;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.CredentialProvider;
import dev.imagespec.runtime.work.Once;
import java.util.Optional;

/** The credentials of a {@link CredentialProvider}, which is asked once for each registry. */
public final class ProvidedCredentials implements CredentialSource {
  private final CredentialProvider provider;
  private final Once<Registry, Optional<Credential>> known = new Once<>();

  public ProvidedCredentials(CredentialProvider provider) {
    this.provider = provider;
  }

  @Override
  public Optional<Credential> credential(Registry registry) {
    return known.get(registry, () -> provider.credential(registry).map(Credential::of));
  }
}
