package dev.imagespec.runtime.registry;

import com.google.cloud.tools.jib.api.CredentialRetriever;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The credentials of {@code docker login}: Docker's configuration file in {@code DOCKER_CONFIG},
 * else in {@code ~/.docker}, with the credential helpers that it names. Read by jib-core, once per
 * registry.
 */
public final class DockerConfigCredentials implements CredentialSource {
  private final Path config;
  private final Map<String, Optional<Credential>> known = new ConcurrentHashMap<>();

  /** Docker's own configuration file. */
  public DockerConfigCredentials() {
    this(folder(System.getenv()).resolve("config.json"));
  }

  DockerConfigCredentials(Path config) {
    this.config = config;
  }

  private static Path folder(Map<String, String> environment) {
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    return folder.isEmpty() ? Path.of(System.getProperty("user.home"), ".docker") : Path.of(folder);
  }

  @Override
  public Optional<Credential> credential(String registry) {
    return known.computeIfAbsent(registry, this::read);
  }

  private Optional<Credential> read(String registry) {
    if (!Files.exists(config)) {
      return Optional.empty();
    }
    try {
      // What jib has to say is not passed on: its messages may quote what a helper printed.
      CredentialRetriever retriever =
          CredentialRetrieverFactory.forImage(
                  ImageReference.of(registry, "imagespec", "any"), event -> {})
              .dockerConfig(config);
      return retriever.retrieve().map(c -> new Credential(c.getUsername(), c.getPassword()));
    } catch (com.google.cloud.tools.jib.registry.credentials.CredentialRetrievalException e) {
      throw new ImageSpecException(
          FailureCode.UNAUTHORIZED,
          "The credential for "
              + registry
              + " cannot be read from "
              + config
              + " or from the credential helper that it names. Log in again with `docker login "
              + registry
              + "`.");
    }
  }
}
