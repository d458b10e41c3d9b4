package dev.imagespec.runtime;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.registry.auth.DockerConfigCredentials;
import dev.imagespec.runtime.run.Access;
import dev.imagespec.runtime.run.Session;
import java.util.Optional;

/**
 * Finds the credential that a registration uses for a registry. For Amazon ECR, that is a token
 * obtained with the AWS credential chain; for other registries, what {@code docker login} or a
 * credential helper stores; for the registry in {@link Settings#registry}, also {@link
 * Settings#targetCredential}.
 */
public final class RegistryLogin {
  /**
   * A user name and password (or token) for one registry. Its text form shows neither.
   *
   * @param user the user name; {@code <token>} if the password is an identity token
   * @param password the password
   */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return "Login[hidden]";
    }
  }

  private final Settings settings;

  private RegistryLogin(Settings settings) {
    this.settings = settings;
  }

  /** A login that uses these settings. */
  public static RegistryLogin of(Settings settings) {
    return new RegistryLogin(settings);
  }

  /**
   * The user name and password for a registry.
   *
   * @param server the registry's host, or its address in Docker's configuration: {@code
   *     https://index.docker.io/v1/}
   * @return empty if there is no credential
   * @throws ImageSpecException if {@code server} names no registry, or a credential should exist
   *     but cannot be obtained; the message holds no secret
   */
  public Optional<Login> login(String server) {
    Registry registry;
    try {
      registry = DockerConfigCredentials.registryOf(server);
    } catch (IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING, server + ": " + e.getMessage() + ".", e);
    }
    try (Session session = new Session(settings, Access.of(settings, CredentialProvider.none()))) {
      return session
          .credentials()
          .credential(registry)
          .map(credential -> new Login(credential.user(), credential.password()));
    }
  }
}
