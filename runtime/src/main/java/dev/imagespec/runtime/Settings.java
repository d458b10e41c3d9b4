package dev.imagespec.runtime;

import dev.imagespec.model.Namespace;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a registration. Immutable; created by a {@link #builder}, or by a {@linkplain
 * #reader} from texts. {@link SettingKey} documents what each setting means and how it is written.
 */
public final class Settings {
  private final SettingValues values;
  private final Map<String, String> secrets;
  private final Map<String, Map<String, String>> registrars;
  private final @Nullable RegistryCredential targetCredential;

  Settings(
      SettingValues values,
      Map<String, String> secrets,
      Map<String, Map<String, String>> registrars,
      @Nullable RegistryCredential targetCredential) {
    this.values = values;
    this.secrets = Map.copyOf(secrets);
    this.registrars = Map.copyOf(registrars);
    this.targetCredential = targetCredential;
  }

  /** A builder with all settings at their defaults. */
  public static SettingsBuilder builder() {
    return new SettingsBuilder();
  }

  /** A reader without sources: it reads only {@code imagespec.properties}. */
  public static SettingsReader reader() {
    return new SettingsReader();
  }

  /**
   * Folders of the user's classes, and the jars that they use. Images that use the class path
   * contain them.
   */
  public List<Path> classPath() {
    return values.get(SettingKey.CLASSPATH);
  }

  /** Jars of the class path that contain the user's own tasks. */
  public List<Path> taskJars() {
    return values.get(SettingKey.TASK_JARS);
  }

  /**
   * Files in folders of the class path that may go into images although such files usually hold
   * credentials; relative to the folder.
   */
  public List<String> allowedFiles() {
    return values.get(SettingKey.ALLOWED_FILES);
  }

  /** The task classes to register; empty for all. */
  public List<String> classes() {
    return values.get(SettingKey.CLASSES);
  }

  /** The folder that contains the lock and the files that specs name. Absolute. */
  public Path projectDir() {
    return values.get(SettingKey.PROJECT_DIR);
  }

  /** The registry to push to; overrides the annotations. */
  public Optional<Namespace> registry() {
    return values.find(SettingKey.REGISTRY);
  }

  /** The repository to push to; overrides the annotations. */
  public Optional<RepositoryName> name() {
    return values.find(SettingKey.NAME);
  }

  /** The tags that images get besides the one of their fingerprint. */
  public List<TagTemplate> tags() {
    return values.get(SettingKey.TAGS);
  }

  /** Mirrors to read base images from. */
  public List<Mirror> mirrors() {
    return values.get(SettingKey.MIRRORS);
  }

  /** Token servers on other hosts that may receive a registry's credential. */
  public List<Realm> realms() {
    return values.get(SettingKey.REALMS);
  }

  /** The lock file. */
  public Path lock() {
    return values.get(SettingKey.LOCK);
  }

  /** Whether it is an error if the lock lacks a base image. */
  public boolean locked() {
    return values.get(SettingKey.LOCKED);
  }

  /** The file to write the record to. */
  public Optional<Path> record() {
    return values.find(SettingKey.RECORD);
  }

  /**
   * The folder that remembers what was registered last; empty if it is not set and there is no home
   * folder.
   */
  public Optional<Path> history() {
    return values.find(SettingKey.HISTORY);
  }

  /**
   * The folder that remembers files, layers and blobs; empty if there shall be none, or it is not
   * set and there is no home folder.
   */
  public Optional<Path> memory() {
    return values.find(SettingKey.MEMORY).flatMap(folder -> folder);
  }

  /** Whether to build images even if they exist. */
  public boolean force() {
    return values.get(SettingKey.FORCE);
  }

  /** The file to write the page about a registration or a plan to. */
  public Optional<Path> report() {
    return values.find(SettingKey.REPORT);
  }

  /** The files that define tasks for the systems that run them. */
  public List<Definition> definitions() {
    return values.get(SettingKey.DEFINITIONS);
  }

  /** The text files in which names of task classes are replaced by their images. */
  public List<Rendering> render() {
    return values.get(SettingKey.RENDER);
  }

  /** Whether only images are registered, and no tasks. */
  public boolean noRegistrars() {
    return values.get(SettingKey.NO_REGISTRARS);
  }

  /** Where the source code of the tasks is kept, for the record. */
  public Optional<String> source() {
    return values.find(SettingKey.SOURCE);
  }

  /** The revision of the source code, for the record. */
  public Optional<String> revision() {
    return values.find(SettingKey.REVISION);
  }

  /** When images say that they were made; empty for the epoch. */
  public Optional<Instant> creationTime() {
    return values.find(SettingKey.CREATION_TIME);
  }

  /** The number of blobs and manifests to transfer at the same time. */
  public int parallelism() {
    return values.get(SettingKey.PARALLELISM);
  }

  /** Emulators of Amazon ECR. They are treated as private ECR registries. */
  public Set<Registry> ecrHosts() {
    return Set.copyOf(values.get(SettingKey.ECR_HOSTS));
  }

  /** The account of the emulators; if empty, their API's default. */
  public Optional<String> ecrAccount() {
    return values.find(SettingKey.ECR_ACCOUNT);
  }

  /** The AWS region of the emulators; if empty, the region that the AWS SDK finds. */
  public Optional<String> ecrRegion() {
    return values.find(SettingKey.ECR_REGION);
  }

  /**
   * The engine that runs the steps of environments; if empty, the first that works on this machine.
   */
  public Optional<String> engine() {
    return values.find(SettingKey.ENGINE);
  }

  /** The engine's builders to spread builds over; if empty, the engine's default. */
  public List<String> engineBuilders() {
    return values.get(SettingKey.ENGINE_BUILDERS);
  }

  /** The network that steps run in; if empty, the engine's default. */
  public Optional<String> engineNetwork() {
    return values.find(SettingKey.ENGINE_NETWORK);
  }

  /** The repository in which the engine caches the results of steps, for other machines. */
  public Optional<Repository> engineCache() {
    return values.find(SettingKey.ENGINE_CACHE);
  }

  /** The time limit for building an environment. */
  public Duration engineTimeout() {
    return values.get(SettingKey.ENGINE_TIMEOUT);
  }

  /** The number of environments that a builder builds at the same time. */
  public int engineParallelism() {
    return values.get(SettingKey.ENGINE_PARALLELISM);
  }

  /**
   * The folder for engine logs, one file per environment.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if it is not set and there
   *     is no home folder
   */
  public Path engineLogs() {
    return values
        .find(SettingKey.ENGINE_LOGS)
        .orElseThrow(
            () ->
                SettingsBuilder.wrong(
                    SettingKey.ENGINE_LOGS.name(),
                    "this user has no home folder to keep the engines' logs in; set HOME, or this"
                        + " setting"));
  }

  /** The folder for temporary files: the layers that are pushed, and what engines are given. */
  public Path temp() {
    return ownTemp().orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** The folder for temporary files that is set; engines use it, too. */
  public Optional<Path> ownTemp() {
    return values.find(SettingKey.TEMP).map(folder -> folder.toAbsolutePath().normalize());
  }

  /**
   * Where a secret's value is: {@code env:NAME} or {@code file:PATH}.
   *
   * @param id the secret's id. In the name of an environment variable it is in upper case, with an
   *     underscore for each character that is neither a letter nor a digit
   */
  public Optional<String> secret(String id) {
    String variable = id.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    return Optional.ofNullable(secrets.getOrDefault(id, secrets.get(variable)));
  }

  /**
   * The credential for the registries that images are pushed to, from {@code
   * IMAGESPEC_REGISTRY_USERNAME} and {@code IMAGESPEC_REGISTRY_PASSWORD}. It comes before Docker's;
   * Amazon ECR never gets it.
   */
  public Optional<RegistryCredential> targetCredential() {
    return Optional.ofNullable(targetCredential);
  }

  /** What to do if a repository of Amazon ECR does not exist. */
  public RepositoryCreation createRepository() {
    return values.get(SettingKey.CREATE_REPOSITORY);
  }

  /** Who may pull from the repositories, in addition to those that the annotations name. */
  public List<String> pullPrincipals() {
    return values.get(SettingKey.PULL_PRINCIPALS);
  }

  /** The role to assume for Amazon ECR; if empty, the identity that the AWS SDK finds is used. */
  public Optional<String> ecrAssumeRole() {
    return values.find(SettingKey.ECR_ASSUME_ROLE);
  }

  /** The external id that the role's trust policy requires. */
  public Optional<String> ecrExternalId() {
    return values.find(SettingKey.ECR_EXTERNAL_ID);
  }

  /** Filters for tags that stay mutable in repositories created with immutable tags. */
  public List<String> ecrMutableTagFilters() {
    return values.get(SettingKey.ECR_MUTABLE_TAG_FILTERS);
  }

  /** Whether the command line prints more, and the causes of errors. */
  public boolean verbose() {
    return values.get(SettingKey.VERBOSE);
  }

  /** Whether the command line prints one JSON document to stdout, and nothing else there. */
  public boolean json() {
    return values.get(SettingKey.JSON);
  }

  /**
   * The settings {@code imagespec.<registrar>.*} of a task registrar, by their names without that
   * prefix.
   */
  public Map<String, String> registrar(String name) {
    return registrars.getOrDefault(name, Map.of());
  }

  /**
   * The repository to read a base image from: that of the mirror with the longest matching path,
   * else the base's own.
   */
  public Repository mirror(Repository base) {
    return mirrors().stream()
        .filter(mirror -> mirror.matches(base))
        .max(Comparator.comparingInt(mirror -> mirror.from().path().length()))
        .map(mirror -> mirror.in(base))
        .orElse(base);
  }
}
