package dev.imagespec.runtime.registry.auth;

import dev.imagespec.model.Registry;
import java.util.Optional;

/** Where the credential for a registry comes from. */
public interface CredentialSource {
  /**
   * The credential to send to this registry, and to no other host.
   *
   * @param registry the registry's host, with its port where it has one
   * @return empty if it is to be asked without one
   */
  Optional<Credential> credential(Registry registry);

  /**
   * The credential to send to this registry where nothing is written.
   *
   * @return the same, unless everybody may read
   */
  default Optional<Credential> readingCredential(Registry registry) {
    return credential(registry);
  }

  /** Drops what is kept for this registry, because the registry said that it has expired. */
  default void expire(Registry registry) {}
}
