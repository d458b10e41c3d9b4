package dev.imagespec.runtime.registry.auth;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.Once;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials of {@code docker login}: from Docker's configuration file in {@code
 * DOCKER_CONFIG}, else in {@code ~/.docker}, and from the credential helpers that it names ({@code
 * credHelpers}, {@code credsStore}). Also those of {@code podman login}: from the file that {@code
 * REGISTRY_AUTH_FILE} names, and {@code containers/auth.json} in {@code XDG_RUNTIME_DIR}. Each
 * repository is looked up once.
 */
public final class DockerConfigCredentials implements CredentialSource {
  private static final Logger LOG = LoggerFactory.getLogger(DockerConfigCredentials.class);

  /** A keychain may ask its user to unlock it. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The helper name of {@code imagespec login}, which would only look here again. */
  private static final String OURSELVES = "imagespec";

  private final List<Path> files;
  private final Map<String, String> environment;
  private final Duration patience;
  private final Once<Place, Found> known = new Once<>();
  private final Once<Question, Found> answers = new Once<>();

  /** The helpers that have failed: each is reported once. */
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  /**
   * What a credential is for.
   *
   * @param path the repository's name; empty for the registry itself
   */
  private record Place(Registry registry, String path) {}

  private record Question(String helper, Registry registry) {}

  /** A credential, or why there may be one that cannot be had, or nothing. */
  private record Found(@Nullable Credential credential, @Nullable ImageSpecException failure) {
    static final Found NOTHING = new Found(null, null);

    Found or(Supplier<Found> other) {
      if (credential != null) {
        return this;
      }
      Found next = other.get();
      return next.credential == null && next.failure == null ? this : next;
    }
  }

  /** Uses the user's own files. */
  public DockerConfigCredentials() {
    this(EnvironmentVariables.ofThisProcess());
  }

  private DockerConfigCredentials(Map<String, String> environment) {
    this(DockerConfig.files(environment), environment, PATIENCE);
  }

  DockerConfigCredentials(Path file, Map<String, String> environment, Duration patience) {
    this(List.of(file), environment, patience);
  }

  DockerConfigCredentials(List<Path> files, Map<String, String> environment, Duration patience) {
    this.files = List.copyOf(files);
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

  /**
   * The credential for writing.
   *
   * @throws ImageSpecException with {@link FailureCode#UNAUTHORIZED} if a helper fails, and nothing
   *     else has one
   */
  @Override
  public Optional<Credential> credential(Registry registry) {
    return writing(new Place(registry, ""));
  }

  @Override
  public Optional<Credential> credential(Repository repository) {
    return writing(new Place(repository.registry(), repository.name().value()));
  }

  /** The credential for reading. A helper that fails stops nobody: most bases are public. */
  @Override
  public Optional<Credential> readingCredential(Registry registry) {
    return reading(new Place(registry, ""));
  }

  @Override
  public Optional<Credential> readingCredential(Repository repository) {
    return reading(new Place(repository.registry(), repository.name().value()));
  }

  private Optional<Credential> writing(Place place) {
    Found found = find(place);
    if (found.credential() == null && found.failure() != null) {
      throw found.failure();
    }
    return Optional.ofNullable(found.credential());
  }

  private Optional<Credential> reading(Place place) {
    return Optional.ofNullable(find(place).credential());
  }

  private Found find(Place place) {
    return known.get(
        place,
        () -> {
          Found found = Found.NOTHING;
          for (Path file : files) {
            found = found.or(() -> read(file, place));
          }
          return found;
        });
  }

  private Found read(Path file, Place place) {
    DockerConfig config = DockerConfig.read(file);
    Registry registry = place.registry();
    Found found =
        config
            .helper(registry, place.path())
            .filter(name -> !name.equals(OURSELVES))
            .map(name -> answers.get(new Question(name, registry), () -> ask(name, file, registry)))
            .orElse(Found.NOTHING);
    return found.or(() -> new Found(config.stored(registry, place.path()).orElse(null), null));
  }

  /**
   * Asks a helper. That it is missing is not an error: the registry may need no credential. If it
   * does, the warning says why there is none.
   */
  private Found ask(String name, Path file, Registry registry) {
    CredentialHelper helper = new CredentialHelper(name, environment, patience);
    if (helper.isCaller()) {
      return Found.NOTHING;
    }
    Optional<Path> program = helper.program();
    if (program.isEmpty()) {
      warn(
          name,
          "docker-credential-"
              + name
              + ", which "
              + file
              + " names for "
              + registry
              + ", is not on the PATH");
      return Found.NOTHING;
    }
    try {
      return new Found(
          helper.get(program.get(), DockerConfig.serverUrl(registry)).orElse(null), null);
    } catch (ImageSpecException e) {
      if (e.code() != FailureCode.UNAUTHORIZED) {
        throw e;
      }
      warn(name, String.valueOf(e.getMessage()));
      return new Found(null, e);
    }
  }

  private void warn(String name, String why) {
    if (warned.add(name)) {
      LOG.warn("{}", why);
    }
  }
}
