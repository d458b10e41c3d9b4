package dev.imagespec.runtime;

import dev.imagespec.model.Registry;
import java.util.Optional;

/**
 * Provides credentials for registries, for example those of a build tool's own settings. It is
 * asked after Amazon's, {@code IMAGESPEC_REGISTRY_USERNAME} and Docker's, once for each registry,
 * and never for a private registry of Amazon ECR.
 */
@FunctionalInterface
public interface CredentialProvider {
  /**
   * The credential for a registry. It is sent to this registry and to the token server that it may
   * name, and to nobody else. Threads may call this at the same time.
   *
   * @param registry the host, with its port if it has one
   * @return empty if this provider has none
   * @throws ImageSpecException if there should be one, but it cannot be read; the message must not
   *     contain it
   */
  Optional<RegistryCredential> credential(Registry registry);

  /** A provider that has no credential. */
  static CredentialProvider none() {
    return registry -> Optional.empty();
  }
}
