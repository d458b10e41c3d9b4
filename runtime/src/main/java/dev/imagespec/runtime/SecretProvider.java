package dev.imagespec.runtime;

import java.util.Optional;

/**
 * Provides the values of secrets that steps read, for example from a secret store. Implementations
 * are found with {@link java.util.ServiceLoader}. They are asked for a secret that no setting
 * names, just before an environment that reads it is built.
 */
public interface SecretProvider {
  /** A short name for messages. */
  String name();

  /**
   * The value of a secret.
   *
   * @param id the id from the annotation
   * @return the value; empty if this provider does not have the secret
   * @throws Exception if it cannot be read; the message must not contain the value
   */
  Optional<String> secret(String id) throws Exception;
}
