package dev.imagespec.runtime.registry.auth;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import java.util.Optional;

/** Finds the credential for a registry. */
public interface CredentialSource {
  /**
   * The credential to send to this registry, and to no other host.
   *
   * @param registry the registry's host, with its port if it has one
   * @return empty if requests need no credential
   */
  Optional<Credential> credential(Registry registry);

  /**
   * The credential to send to this registry with requests that only read.
   *
   * @return the same credential; empty if the registry lets everybody read
   */
  default Optional<Credential> readingCredential(Registry registry) {
    return credential(registry);
  }

  /**
   * The credential for a repository: some sources have several for a registry.
   *
   * @return the registry's, unless the source has one for this repository
   */
  default Optional<Credential> credential(Repository repository) {
    return credential(repository.registry());
  }

  /** The credential for a repository, to send with requests that only read. */
  default Optional<Credential> readingCredential(Repository repository) {
    return readingCredential(repository.registry());
  }

  /** Discards the credential of this registry, because the registry says that it has expired. */
  default void expire(Registry registry) {}
}
