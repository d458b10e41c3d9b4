package dev.imagespec.maven;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.CredentialProvider;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistryCredential;
import java.util.List;
import java.util.Optional;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;

/**
 * Credentials from the servers of {@code settings.xml}: the id is the registry, as {@code ghcr.io}
 * or {@code registry.example:5000}. Passwords may be encrypted in Maven's way.
 */
final class ServerCredentials implements CredentialProvider {
  private final List<Server> servers;
  private final SettingsDecrypter decrypter;

  ServerCredentials(List<Server> servers, SettingsDecrypter decrypter) {
    this.servers = List.copyOf(servers);
    this.decrypter = decrypter;
  }

  @Override
  public Optional<RegistryCredential> credential(Registry registry) {
    return servers.stream()
        .filter(server -> server.getId() != null && isOf(registry, server.getId()))
        .findFirst()
        .map(this::credential);
  }

  /** Whether a server is a registry. Ids of other servers are any text. */
  private static boolean isOf(Registry registry, String id) {
    try {
      return Registry.parse(id).equals(registry);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private RegistryCredential credential(Server encrypted) {
    SettingsDecryptionResult result =
        decrypter.decrypt(new DefaultSettingsDecryptionRequest(encrypted));
    for (SettingsProblem problem : result.getProblems()) {
      if (problem.getSeverity() != SettingsProblem.Severity.WARNING) {
        throw failed(
            encrypted,
            "its password cannot be decrypted: "
                + problem.getMessage()
                + ". Encrypt it again: mvn --encrypt-password");
      }
    }
    Server server = result.getServer();
    if (server.getUsername() == null || server.getPassword() == null) {
      throw failed(encrypted, "it needs a username and a password");
    }
    try {
      return new RegistryCredential(server.getUsername(), server.getPassword());
    } catch (IllegalArgumentException e) {
      throw failed(encrypted, String.valueOf(e.getMessage()));
    }
  }

  private static ImageSpecException failed(Server server, String what) {
    return new ImageSpecException(
        FailureCode.INVALID_SETTING,
        "The server " + server.getId() + " in settings.xml is of no use: " + what + ".");
  }
}
