package dev.imagespec.runtime;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.registry.auth.DockerConfigCredentials;
import dev.imagespec.runtime.run.Session;
import java.util.Optional;

/**
 * Gives the credential that a registration uses for a registry: the token of Amazon ECR by the AWS
 * credential chain, else what {@code docker login} or a credential helper left.
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

  /** Credentials by these settings. */
  public static RegistryLogin of(Settings settings) {
    return new RegistryLogin(settings);
  }

  /**
   * The user name and password for a registry.
   *
   * @param server the registry's host, or its address as Docker's configuration has it: {@code
   *     https://index.docker.io/v1/}
   * @return empty if there is none
   * @throws ImageSpecException if the server is none, or there should be a credential but none can
   *     be had; the message holds no secret
   */
  public Optional<Login> login(String server) {
    Registry registry;
    try {
      registry = DockerConfigCredentials.registryOf(server);
    } catch (IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING, server + ": " + e.getMessage() + ".", e);
    }
    try (Session session = new Session(settings)) {
      return session
          .credentials()
          .credential(registry)
          .map(credential -> new Login(credential.user(), credential.password()));
    }
  }
}
