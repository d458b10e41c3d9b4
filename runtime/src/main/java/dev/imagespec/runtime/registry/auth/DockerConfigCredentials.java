package dev.imagespec.runtime.registry.auth;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.work.Once;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials of {@code docker login}: from Docker's configuration file in {@code
 * DOCKER_CONFIG}, else in {@code ~/.docker}, and from the credential helpers that it names ({@code
 * credHelpers}, {@code credsStore}). Each registry is looked up once.
 */
public final class DockerConfigCredentials implements CredentialSource {
  private static final Logger LOG = LoggerFactory.getLogger(DockerConfigCredentials.class);

  /** A keychain may ask its user to unlock it. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The helper name of {@code imagespec login}, which would only look here again. */
  private static final String OURSELVES = "imagespec";

  private final Path file;
  private final Map<String, String> environment;
  private final Duration patience;
  private final Once<Registry, Optional<Credential>> known = new Once<>();

  /** Uses Docker's own configuration file. */
  public DockerConfigCredentials() {
    this(
        DockerConfig.folder(EnvironmentVariables.ofThisProcess()).resolve("config.json"),
        EnvironmentVariables.ofThisProcess(),
        PATIENCE);
  }

  DockerConfigCredentials(Path file, Map<String, String> environment, Duration patience) {
    this.file = file;
    this.environment = Map.copyOf(environment);
    this.patience = patience;
  }

  /**
   * The registry that an address in Docker's configuration stands for.
   *
   * @param serverUrl a host, or an address with scheme and path; Docker Hub has several
   */
  public static Registry registryOf(String serverUrl) {
    return DockerConfig.registry(serverUrl);
  }

  @Override
  public Optional<Credential> credential(Registry registry) {
    return known.get(registry, () -> read(registry));
  }

  private Optional<Credential> read(Registry registry) {
    DockerConfig config = DockerConfig.read(file);
    Optional<CredentialHelper> helper =
        config
            .helper(registry)
            .filter(name -> !name.equals(OURSELVES))
            .map(name -> new CredentialHelper(name, environment, patience))
            .filter(candidate -> !candidate.isCaller());
    if (helper.isPresent()) {
      Optional<Path> program = helper.get().program();
      if (program.isPresent()) {
        return helper
            .get()
            .get(program.get(), DockerConfig.serverUrl(registry))
            .or(() -> config.stored(registry));
      }
      // Not an error: the registry may need no credential. If it does, this says why there is none.
      LOG.warn(
          "docker-credential-{}, which {} names for {}, is not on the PATH",
          config.helper(registry).orElse(""),
          file,
          registry);
    }
    return config.stored(registry);
  }
}
