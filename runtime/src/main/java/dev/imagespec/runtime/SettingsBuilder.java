package dev.imagespec.runtime;

import dev.imagespec.model.Namespace;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link Settings}. Whoever sets a value that is wrong gets an {@link ImageSpecException}
 * with {@link FailureCode#INVALID_SETTING} at once; its message names the setting.
 */
public final class SettingsBuilder {
  private static final String SECRET = SettingKey.PREFIX + "secret.";

  private final SettingValues values = new SettingValues();
  private final Map<SettingKey<?>, String> places = new HashMap<>();
  private final Map<String, String> secrets = new HashMap<>();
  private final Map<String, Map<String, String>> registrars = new HashMap<>();

  SettingsBuilder() {}

  /** Folders and jars with the task classes, in the order of a class path. Default: none. */
  public SettingsBuilder classPath(List<Path> entries) {
    return set(SettingKey.CLASSPATH, entries);
  }

  /** The task classes to register, by binary or canonical name. Default: all. */
  public SettingsBuilder classes(List<String> names) {
    return set(SettingKey.CLASSES, names);
  }

  /** The folder with the lock and the files that specs name. Default: the working directory. */
  public SettingsBuilder projectDir(Path folder) {
    return set(SettingKey.PROJECT_DIR, folder);
  }

  /** The registry to push to, whatever the annotations say. Default: what they say. */
  public SettingsBuilder registry(Namespace registry) {
    return set(SettingKey.REGISTRY, registry);
  }

  /**
   * The registry to push to, whatever the annotations say.
   *
   * @param text {@code host[:port][/path]}
   * @throws ImageSpecException if the text is not of that form
   */
  public SettingsBuilder registry(String text) {
    return read(SettingKey.REGISTRY, text);
  }

  /**
   * AWS regions that the registry may lie in although this release does not know them. Default:
   * none.
   *
   * @throws ImageSpecException if one does not have the form of a region
   */
  public SettingsBuilder extraRegions(List<String> regions) {
    return set(SettingKey.EXTRA_REGIONS, regions);
  }

  /** The repository to push to, whatever the annotations say. Default: what they say. */
  public SettingsBuilder name(RepositoryName name) {
    return set(SettingKey.NAME, name);
  }

  /**
   * The repository to push to, whatever the annotations say.
   *
   * @param text the repository's name alone, without its registry
   * @throws ImageSpecException if it is no repository's name
   */
  public SettingsBuilder name(String text) {
    return read(SettingKey.NAME, text);
  }

  /** Where base images are read from instead. Default: from where their references say. */
  public SettingsBuilder mirrors(List<Mirror> list) {
    return set(SettingKey.MIRRORS, list);
  }

  /** Token servers on other hosts that may get a registry's credential. Default: none. */
  public SettingsBuilder realms(List<Realm> list) {
    return set(SettingKey.REALMS, list);
  }

  /** The lock's file. Default: {@code imagespec.lock} in the project directory. */
  public SettingsBuilder lock(Path file) {
    return set(SettingKey.LOCK, file);
  }

  /** Whether a base image that is missing in the lock is an error. Default: no. */
  public SettingsBuilder locked(boolean value) {
    return set(SettingKey.LOCKED, value);
  }

  /** The file for the record. Default: no record is written. */
  public SettingsBuilder record(Path file) {
    return set(SettingKey.RECORD, file);
  }

  /** Whether images are built although they exist. Default: no. */
  public SettingsBuilder force(boolean value) {
    return set(SettingKey.FORCE, value);
  }

  /**
   * Where the tasks' source is kept, for the record: an address, as a rule. Default: unknown.
   *
   * @throws ImageSpecException if the address has a password in it; the message does not hold it
   */
  public SettingsBuilder source(String address) {
    return set(SettingKey.SOURCE, address);
  }

  /** The source's revision, for the record. Default: unknown. */
  public SettingsBuilder revision(String value) {
    return set(SettingKey.REVISION, value);
  }

  /**
   * How many blobs and manifests are sent at the same time. Default: 8.
   *
   * @throws ImageSpecException if it is less than 1
   */
  public SettingsBuilder parallelism(int value) {
    return set(SettingKey.PARALLELISM, value);
  }

  /** Emulators of Amazon ECR, with their ports. Default: none. */
  public SettingsBuilder ecrHosts(List<Registry> hosts) {
    return set(SettingKey.ECR_HOSTS, hosts);
  }

  /**
   * The emulators' account. Default: what their API says.
   *
   * @throws ImageSpecException if it does not have 12 digits
   */
  public SettingsBuilder ecrAccount(String account) {
    return set(SettingKey.ECR_ACCOUNT, account);
  }

  /**
   * The emulators' region. Default: what the AWS SDK finds.
   *
   * @throws ImageSpecException if it does not have the form of a region
   */
  public SettingsBuilder ecrRegion(String region) {
    return set(SettingKey.ECR_REGION, region);
  }

  /**
   * The engine that runs environments' steps: {@code buildx}, {@code docker}, {@code buildah}, or
   * the name of another. Default: the first that works here. Whether there is one of that name is
   * found out when a registration starts.
   *
   * @throws ImageSpecException if it is no name
   */
  public SettingsBuilder engine(String name) {
    return set(SettingKey.ENGINE, name);
  }

  /**
   * Names of the engine's builders that share the work. Default: the engine's own choice.
   *
   * @throws ImageSpecException if one is no name
   */
  public SettingsBuilder engineBuilders(List<String> names) {
    return set(SettingKey.ENGINE_BUILDERS, names);
  }

  /**
   * The network that steps run in; {@code host} is the machine's own. Default: the engine's own
   * choice.
   *
   * @throws ImageSpecException if it is no network's name
   */
  public SettingsBuilder engineNetwork(String network) {
    return set(SettingKey.ENGINE_NETWORK, network);
  }

  /** The repository that keeps the steps' results for other machines. Default: none. */
  public SettingsBuilder engineCache(Repository repository) {
    return set(SettingKey.ENGINE_CACHE, repository);
  }

  /**
   * How long the build of an environment may take. Default: an hour.
   *
   * @throws ImageSpecException if it is zero or negative
   */
  public SettingsBuilder engineTimeout(Duration time) {
    return set(SettingKey.ENGINE_TIMEOUT, time);
  }

  /**
   * How many environments a builder gets at once. Default: 4.
   *
   * @throws ImageSpecException if it is less than 1
   */
  public SettingsBuilder engineParallelism(int value) {
    return set(SettingKey.ENGINE_PARALLELISM, value);
  }

  /** The folder for the engine's logs. Default: {@code ~/.cache/imagespec/logs}. */
  public SettingsBuilder engineLogs(Path folder) {
    return set(SettingKey.ENGINE_LOGS, folder);
  }

  /**
   * Where secrets are, by id: {@code env:NAME} for an environment variable, {@code file:PATH} for a
   * file. Default: only {@link SecretProvider}s are asked.
   *
   * @throws ImageSpecException if one is of another form; the message does not repeat it
   */
  public SettingsBuilder secrets(Map<String, String> wheres) {
    wheres.forEach((id, where) -> secret(id, where, SECRET + id));
    return this;
  }

  /**
   * What to do about a repository of Amazon ECR that does not exist. Default: {@link
   * RepositoryCreation#CREATE}.
   */
  public SettingsBuilder createRepository(RepositoryCreation value) {
    return set(SettingKey.CREATE_REPOSITORY, value);
  }

  /**
   * Who may pull from the repositories, besides those that the annotations name: accounts (12
   * digits), and ARNs of users, roles and accounts' roots. Default: nobody.
   *
   * @throws ImageSpecException if one is neither
   */
  public SettingsBuilder pullPrincipals(List<String> principals) {
    return set(SettingKey.PULL_PRINCIPALS, principals);
  }

  /**
   * The role to ask Amazon ECR as. Default: what the AWS SDK's chain finds.
   *
   * @throws ImageSpecException if it is not the ARN of a role
   */
  public SettingsBuilder ecrAssumeRole(String arn) {
    return set(SettingKey.ECR_ASSUME_ROLE, arn);
  }

  /** The external id that the role's trust policy wants. Default: none. */
  public SettingsBuilder ecrExternalId(String id) {
    return set(SettingKey.ECR_EXTERNAL_ID, id);
  }

  /**
   * Tags that may be moved although a created repository's tags are immutable: at most 5 filters of
   * letters, digits, {@code . _ -} and {@code *}. Default: none.
   *
   * @throws ImageSpecException if one is of another form, or matches tags of registered images
   */
  public SettingsBuilder ecrMutableTagFilters(List<String> filters) {
    return set(SettingKey.ECR_MUTABLE_TAG_FILTERS, filters);
  }

  /**
   * The settings of a task registrar.
   *
   * @param registrar its {@linkplain TaskRegistrar#name name}
   * @param settings values by the names that it {@linkplain TaskRegistrar#settings declares}
   */
  public SettingsBuilder registrar(String registrar, Map<String, String> settings) {
    registrars.computeIfAbsent(registrar, key -> new HashMap<>()).putAll(settings);
    return this;
  }

  /**
   * The settings.
   *
   * @throws ImageSpecException if two settings contradict each other, or if the registry's AWS
   *     region is close to a known one but unknown
   */
  public Settings build() {
    SettingValues all = values.copy();
    all.find(SettingKey.REGISTRY)
        .ifPresent(
            registry ->
                attempt(
                    place(SettingKey.REGISTRY),
                    () -> registry.registry().requireRegion(all.get(SettingKey.EXTRA_REGIONS))));
    if (all.find(SettingKey.ECR_EXTERNAL_ID).isPresent()
        && all.find(SettingKey.ECR_ASSUME_ROLE).isEmpty()) {
      throw wrong(
          place(SettingKey.ECR_EXTERNAL_ID),
          SettingKey.ECR_EXTERNAL_ID
              + " is for a role; set "
              + SettingKey.ECR_ASSUME_ROLE
              + ", too");
    }
    Path projectDir =
        all.find(SettingKey.PROJECT_DIR).orElse(Path.of("")).toAbsolutePath().normalize();
    all.put(SettingKey.PROJECT_DIR, projectDir);
    if (all.find(SettingKey.LOCK).isEmpty()) {
      all.put(SettingKey.LOCK, projectDir.resolve("imagespec.lock"));
    }
    if (all.find(SettingKey.ENGINE_LOGS).isEmpty()) {
      // Not the folder for temporary files, where anybody could lay a link in the way.
      all.put(
          SettingKey.ENGINE_LOGS,
          Path.of(System.getProperty("user.home"), ".cache", "imagespec", "logs"));
    }
    return new Settings(all, secrets, registrars);
  }

  private <T> SettingsBuilder set(SettingKey<T> key, T value) {
    attempt(key.name(), () -> values.put(key, value));
    places.remove(key);
    return this;
  }

  private <T> SettingsBuilder read(SettingKey<T> key, String text) {
    return read(key, text, Path.of(""), key.name());
  }

  /**
   * Sets what a text says.
   *
   * @param base the folder that a relative path in it is relative to
   * @param place where the text stands, for messages
   */
  <T> SettingsBuilder read(SettingKey<T> key, String text, Path base, String place) {
    attempt(place, () -> values.put(key, key.form().read(text, base)));
    places.put(key, place);
    return this;
  }

  /** Sets where a secret is. A value that stands here by mistake is not repeated in the message. */
  void secret(String id, String where, String place) {
    if (!where.matches("(?s)(?:env|file):.+")) {
      throw wrong(
          place,
          "it says where the secret is, env:NAME for an environment variable or file:PATH, and never"
              + " holds the secret itself");
    }
    secrets.put(id, where);
  }

  private String place(SettingKey<?> key) {
    return places.getOrDefault(key, key.name());
  }

  private static void attempt(String place, Runnable work) {
    try {
      work.run();
    } catch (IllegalArgumentException e) {
      throw wrong(place, e.getMessage());
    }
  }

  static ImageSpecException wrong(String place, @Nullable String what) {
    return new ImageSpecException(FailureCode.INVALID_SETTING, place + ": " + what + ".");
  }
}
