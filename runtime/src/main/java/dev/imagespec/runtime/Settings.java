package dev.imagespec.runtime;

import dev.imagespec.model.Namespace;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a registration is done. Immutable. Made by a {@link #builder}, or {@linkplain #reader read}
 * from texts. What each setting means and how it is written stands at its {@link SettingKey}.
 */
public final class Settings {
  private final SettingValues values;
  private final Map<String, String> secrets;
  private final Map<String, Map<String, String>> registrars;

  Settings(
      SettingValues values,
      Map<String, String> secrets,
      Map<String, Map<String, String>> registrars) {
    this.values = values;
    this.secrets = Map.copyOf(secrets);
    this.registrars = Map.copyOf(registrars);
  }

  /** A builder with all settings at their defaults. */
  public static SettingsBuilder builder() {
    return new SettingsBuilder();
  }

  /** A reader without a source yet: it would read {@code imagespec.properties} alone. */
  public static SettingsReader reader() {
    return new SettingsReader();
  }

  /** Folders and jars with the task classes; goes into images that ask for the class path. */
  public List<Path> classPath() {
    return values.get(SettingKey.CLASSPATH);
  }

  /** The task classes to register; none for all. */
  public List<String> classes() {
    return values.get(SettingKey.CLASSES);
  }

  /** The folder with the lock and the files that specs name. Absolute. */
  public Path projectDir() {
    return values.get(SettingKey.PROJECT_DIR);
  }

  /** The registry to push to, whatever the annotations say. */
  public Optional<Namespace> registry() {
    return values.find(SettingKey.REGISTRY);
  }

  /** The repository to push to, whatever the annotations say. */
  public Optional<RepositoryName> name() {
    return values.find(SettingKey.NAME);
  }

  /** Where base images are read from instead. */
  public List<Mirror> mirrors() {
    return values.get(SettingKey.MIRRORS);
  }

  /** Token servers on other hosts that may get a registry's credential. */
  public List<Realm> realms() {
    return values.get(SettingKey.REALMS);
  }

  /** The lock's file. */
  public Path lock() {
    return values.get(SettingKey.LOCK);
  }

  /** Whether a base image that is missing in the lock is an error. */
  public boolean locked() {
    return values.get(SettingKey.LOCKED);
  }

  /** The file for the record. */
  public Optional<Path> record() {
    return values.find(SettingKey.RECORD);
  }

  /** Whether images are built although they exist. */
  public boolean force() {
    return values.get(SettingKey.FORCE);
  }

  /** Where the tasks' source is kept, for the record. */
  public Optional<String> source() {
    return values.find(SettingKey.SOURCE);
  }

  /** The source's revision, for the record. */
  public Optional<String> revision() {
    return values.find(SettingKey.REVISION);
  }

  /** How many blobs and manifests are sent at the same time. */
  public int parallelism() {
    return values.get(SettingKey.PARALLELISM);
  }

  /** Emulators of Amazon ECR, which are treated as its private registries. */
  public Set<Registry> ecrHosts() {
    return Set.copyOf(values.get(SettingKey.ECR_HOSTS));
  }

  /** The emulators' account; unset: what their API says. */
  public Optional<String> ecrAccount() {
    return values.find(SettingKey.ECR_ACCOUNT);
  }

  /** The emulators' region; unset: what the AWS SDK finds. */
  public Optional<String> ecrRegion() {
    return values.find(SettingKey.ECR_REGION);
  }

  /** The engine that runs environments' steps; unset: the first that works here. */
  public Optional<String> engine() {
    return values.find(SettingKey.ENGINE);
  }

  /** The engine's builders that share the work; none for the engine's own choice. */
  public List<String> engineBuilders() {
    return values.get(SettingKey.ENGINE_BUILDERS);
  }

  /** The network that steps run in; unset: the engine's own choice. */
  public Optional<String> engineNetwork() {
    return values.find(SettingKey.ENGINE_NETWORK);
  }

  /** The repository that keeps the steps' results for other machines. */
  public Optional<Repository> engineCache() {
    return values.find(SettingKey.ENGINE_CACHE);
  }

  /** How long the build of an environment may take. */
  public Duration engineTimeout() {
    return values.get(SettingKey.ENGINE_TIMEOUT);
  }

  /** How many environments a builder gets at once. */
  public int engineParallelism() {
    return values.get(SettingKey.ENGINE_PARALLELISM);
  }

  /** The folder for the engine's logs, one file an environment. */
  public Path engineLogs() {
    return values.get(SettingKey.ENGINE_LOGS);
  }

  /**
   * Where a secret's value is: {@code env:NAME} or {@code file:PATH}.
   *
   * @param id the secret's id; an environment variable has it in upper case, with underscores for
   *     everything but letters and digits
   */
  public Optional<String> secret(String id) {
    String variable = id.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    return Optional.ofNullable(secrets.getOrDefault(id, secrets.get(variable)));
  }

  /** What to do about a repository of Amazon ECR that does not exist. */
  public RepositoryCreation createRepository() {
    return values.get(SettingKey.CREATE_REPOSITORY);
  }

  /** Who may pull from the repositories, besides those that the annotations name. */
  public List<String> pullPrincipals() {
    return values.get(SettingKey.PULL_PRINCIPALS);
  }

  /** The role to ask Amazon ECR as; unset: what the AWS SDK's chain finds. */
  public Optional<String> ecrAssumeRole() {
    return values.find(SettingKey.ECR_ASSUME_ROLE);
  }

  /** The external id that the role's trust policy wants. */
  public Optional<String> ecrExternalId() {
    return values.find(SettingKey.ECR_EXTERNAL_ID);
  }

  /** Tags that may be moved although a created repository's tags are immutable. */
  public List<String> ecrMutableTagFilters() {
    return values.get(SettingKey.ECR_MUTABLE_TAG_FILTERS);
  }

  /**
   * The settings {@code imagespec.<registrar>.*} of a task registrar, by the part of their names
   * after the last prefix.
   */
  public Map<String, String> registrar(String name) {
    return registrars.getOrDefault(name, Map.of());
  }

  /**
   * Where a base image's bytes are read from: the mirror with the longest matching path, else the
   * base itself.
   */
  public Repository mirror(Repository base) {
    return mirrors().stream()
        .filter(mirror -> mirror.matches(base))
        .max(Comparator.comparingInt(mirror -> mirror.from().path().length()))
        .map(mirror -> mirror.in(base))
        .orElse(base);
  }
}
