package dev.imagespec.runtime;

import java.util.Optional;

/**
 * Gives the values of secrets that steps may read, from a secret store for example. Implementations
 * are found with {@link java.util.ServiceLoader}, and asked for a secret that no setting names,
 * when an environment that reads it is about to be built.
 */
public interface SecretProvider {
  /** A short name for messages. */
  String name();

  /**
   * The value of a secret.
   *
   * @param id the id, as the annotation has it
   * @return the value; empty if this provider does not know the secret
   * @throws Exception if it cannot be read; the message must not hold the value
   */
  Optional<String> secret(String id) throws Exception;
}
