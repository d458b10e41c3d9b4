package dev.imagespec.runtime;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.registry.auth.Credential;
import dev.imagespec.runtime.registry.auth.DockerConfigCredentials;
import dev.imagespec.runtime.run.Session;
import java.util.Optional;

/**
 * Gives the credential that a registration uses for a registry: the token of Amazon ECR by the AWS
 * credential chain, else what {@code docker login} or a credential helper left.
 */
public final class RegistryLogin {
  private final Settings settings;

  private RegistryLogin(Settings settings) {
    this.settings = settings;
  }

  /** Credentials by these settings. */
  public static RegistryLogin of(Settings settings) {
    return new RegistryLogin(settings);
  }

  /**
   * The credential for a registry.
   *
   * @param server the registry's host, or its address as Docker's configuration has it: {@code
   *     https://index.docker.io/v1/}
   * @return empty if there is none
   * @throws ImageSpecException if the server is none, or there should be a credential but none can
   *     be had; the message holds no secret
   */
  public Optional<Credential> credential(String server) {
    Registry registry;
    try {
      registry = DockerConfigCredentials.registryOf(server);
    } catch (IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING, server + ": " + e.getMessage() + ".", e);
    }
    try (Session session = new Session(settings)) {
      return session.credentials().credential(registry);
    }
  }
}
