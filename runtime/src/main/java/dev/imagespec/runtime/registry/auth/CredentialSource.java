package dev.imagespec.runtime.registry.auth;

import dev.imagespec.model.Registry;
import java.util.Optional;

/** Where the credential for a registry comes from. */
public interface CredentialSource {
  /**
   * The credential to send to this registry, and to no other host.
   *
   * @param registry the registry's host, with its port where it has one
   * @return empty if the registry is asked without one
   */
  Optional<Credential> credential(Registry registry);

  /**
   * The credential to send to this registry with requests that only read.
   *
   * @return the same, unless everybody may read
   */
  default Optional<Credential> readingCredential(Registry registry) {
    return credential(registry);
  }

  /** Forgets the credential of this registry: the registry says that it has expired. */
  default void expire(Registry registry) {}
}
