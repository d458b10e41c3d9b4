package dev.imagespec.runtime;

import dev.imagespec.model.Namespace;
import dev.imagespec.model.Printable;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.work.Home;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link Settings}. A setter that gets a wrong value throws an {@link ImageSpecException}
 * with {@link FailureCode#INVALID_SETTING} at once; its message names the setting.
 */
public final class SettingsBuilder {
  private static final String SECRET = SettingKey.PREFIX + "secret.";

  private final SettingValues values = new SettingValues();
  private final Map<SettingKey<?>, String> places = new HashMap<>();
  private final Map<String, String> secrets = new HashMap<>();
  private final Map<String, Map<String, String>> registrars = new HashMap<>();
  private @Nullable RegistryCredential targetCredential;

  SettingsBuilder() {}

  /**
   * Folders of the user's classes, with the tasks, and the jars that they use, in the order of a
   * class path. Default: none.
   */
  public SettingsBuilder classPath(List<Path> entries) {
    return set(SettingKey.CLASSPATH, entries);
  }

  /**
   * Jars of the class path that contain tasks of the user's own. Tasks in other jars are not
   * registered: whoever wrote them would decide what is built, and where it goes. Default: none.
   */
  public SettingsBuilder taskJars(List<Path> jars) {
    return set(SettingKey.TASK_JARS, jars);
  }

  /**
   * Files that may go into images with the class path although such files usually hold credentials,
   * such as a store of certificates to trust; relative to its folders. Default: none.
   */
  public SettingsBuilder allowedFiles(List<String> paths) {
    return set(SettingKey.ALLOWED_FILES, paths);
  }

  /** The task classes to register, by binary or canonical name. Default: all. */
  public SettingsBuilder classes(List<String> names) {
    return set(SettingKey.CLASSES, names);
  }

  /**
   * The folder that contains the lock and the files that specs name. Default: the working
   * directory.
   */
  public SettingsBuilder projectDir(Path folder) {
    return set(SettingKey.PROJECT_DIR, folder);
  }

  /** The registry to push to; overrides the annotations. Default: the annotations decide. */
  public SettingsBuilder registry(Namespace registry) {
    return set(SettingKey.REGISTRY, registry);
  }

  /**
   * The registry to push to; overrides the annotations. Default: the annotations decide.
   *
   * @param text {@code host[:port][/path]}
   * @throws ImageSpecException if the text does not have that form
   */
  public SettingsBuilder registry(String text) {
    return read(SettingKey.REGISTRY, text);
  }

  /**
   * AWS regions of registries that this release does not know yet. Default: none.
   *
   * @throws ImageSpecException if one does not have the form of a region
   */
  public SettingsBuilder extraRegions(List<String> regions) {
    return set(SettingKey.EXTRA_REGIONS, regions);
  }

  /** The repository to push to; overrides the annotations. Default: the annotations decide. */
  public SettingsBuilder name(RepositoryName name) {
    return set(SettingKey.NAME, name);
  }

  /**
   * The repository to push to; overrides the annotations. Default: the annotations decide.
   *
   * @param text the repository's name, without its registry
   * @throws ImageSpecException if it is not a valid repository name
   */
  public SettingsBuilder name(String text) {
    return read(SettingKey.NAME, text);
  }

  /** Mirrors to read base images from. Default: none. */
  public SettingsBuilder mirrors(List<Mirror> list) {
    return set(SettingKey.MIRRORS, list);
  }

  /** Token servers on other hosts that may receive a registry's credential. Default: none. */
  public SettingsBuilder realms(List<Realm> list) {
    return set(SettingKey.REALMS, list);
  }

  /** The lock file. Default: {@code imagespec.lock} in the project directory. */
  public SettingsBuilder lock(Path file) {
    return set(SettingKey.LOCK, file);
  }

  /** Whether it is an error if the lock lacks a base image. Default: no. */
  public SettingsBuilder locked(boolean value) {
    return set(SettingKey.LOCKED, value);
  }

  /** The file to write the page about a registration or a plan to. Default: none is written. */
  public SettingsBuilder report(Path file) {
    return set(SettingKey.REPORT, file);
  }

  /** The file to write the record to. Default: no record is written. */
  public SettingsBuilder record(Path file) {
    return set(SettingKey.RECORD, file);
  }

  /** Whether to build images even if they exist. Default: no. */
  public SettingsBuilder force(boolean value) {
    return set(SettingKey.FORCE, value);
  }

  /**
   * The folder that remembers what was registered last. Default: {@code imagespec/history} in
   * {@code $XDG_CACHE_HOME} or {@code ~/.cache}.
   */
  public SettingsBuilder history(Path folder) {
    return set(SettingKey.HISTORY, folder);
  }

  /**
   * The folder that remembers files, layers and blobs, so that what is unchanged is not read,
   * compressed or asked for again. Default: {@code imagespec/memory} in {@code $XDG_CACHE_HOME} or
   * {@code ~/.cache}.
   */
  public SettingsBuilder memory(Path folder) {
    return set(SettingKey.MEMORY, Optional.of(folder));
  }

  /** Remembers nothing of files, layers and blobs, and believes nothing. */
  public SettingsBuilder noMemory() {
    return set(SettingKey.MEMORY, Optional.empty());
  }

  /**
   * Where the source code of the tasks is kept, for the record: usually a URL. Default: unknown.
   *
   * @throws ImageSpecException if the URL contains a password; the message does not repeat it
   */
  public SettingsBuilder source(String address) {
    return set(SettingKey.SOURCE, address);
  }

  /** The revision of the source code, for the record. Default: unknown. */
  public SettingsBuilder revision(String value) {
    return set(SettingKey.REVISION, value);
  }

  /** The files that define tasks for the systems that run them. Default: none. */
  public SettingsBuilder definitions(List<Definition> files) {
    return set(SettingKey.DEFINITIONS, files);
  }

  /** The text files in which names of task classes are replaced. Default: none. */
  public SettingsBuilder render(List<Rendering> files) {
    return set(SettingKey.RENDER, files);
  }

  /** Whether to register only images, and no tasks. Default: false. */
  public SettingsBuilder noRegistrars(boolean value) {
    return set(SettingKey.NO_REGISTRARS, value);
  }

  /** See {@link SettingKey#CREATION_TIME}. */
  public SettingsBuilder creationTime(Instant value) {
    return set(SettingKey.CREATION_TIME, value);
  }

  /**
   * The number of blobs and manifests to transfer at the same time. Default: 8.
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
   * The account of the emulators. Default: their API's default.
   *
   * @throws ImageSpecException if it does not have 12 digits
   */
  public SettingsBuilder ecrAccount(String account) {
    return set(SettingKey.ECR_ACCOUNT, account);
  }

  /**
   * The AWS region of the emulators. Default: the region that the AWS SDK finds.
   *
   * @throws ImageSpecException if it does not have the form of a region
   */
  public SettingsBuilder ecrRegion(String region) {
    return set(SettingKey.ECR_REGION, region);
  }

  /**
   * The engine that runs the steps of environments: {@code buildx}, {@code docker}, {@code
   * buildah}, or the name of another. Default: the first that works on this machine. The
   * registration checks whether an engine with this name exists.
   *
   * @throws ImageSpecException if the text is not a valid name
   */
  public SettingsBuilder engine(String name) {
    return set(SettingKey.ENGINE, name);
  }

  /**
   * Names of the engine's builders to spread builds over. Default: the engine's default.
   *
   * @throws ImageSpecException if one is not a valid name
   */
  public SettingsBuilder engineBuilders(List<String> names) {
    return set(SettingKey.ENGINE_BUILDERS, names);
  }

  /**
   * The network that steps run in; {@code host} is the machine's own. Default: the engine's
   * default.
   *
   * @throws ImageSpecException if it is not a valid network name
   */
  public SettingsBuilder engineNetwork(String network) {
    return set(SettingKey.ENGINE_NETWORK, network);
  }

  /**
   * The repository in which the engine caches the results of steps, for other machines. Default:
   * none.
   */
  public SettingsBuilder engineCache(Repository repository) {
    return set(SettingKey.ENGINE_CACHE, repository);
  }

  /**
   * The time limit for building an environment. Default: one hour.
   *
   * @throws ImageSpecException if it is zero or negative
   */
  public SettingsBuilder engineTimeout(Duration time) {
    return set(SettingKey.ENGINE_TIMEOUT, time);
  }

  /**
   * The number of environments that a builder builds at the same time. Default: 4.
   *
   * @throws ImageSpecException if it is less than 1
   */
  public SettingsBuilder engineParallelism(int value) {
    return set(SettingKey.ENGINE_PARALLELISM, value);
  }

  /** The folder for engine logs. Default: {@code ~/.cache/imagespec/logs}. */
  public SettingsBuilder engineLogs(Path folder) {
    return set(SettingKey.ENGINE_LOGS, folder);
  }

  /**
   * The folder for temporary files, also those of engines. It must exist. Default: Java's own, and
   * the engine's own.
   */
  public SettingsBuilder temp(Path folder) {
    return set(SettingKey.TEMP, folder);
  }

  /** Whether the command line prints more, and the causes of errors. Default: no. */
  public SettingsBuilder verbose(boolean value) {
    return set(SettingKey.VERBOSE, value);
  }

  /** Whether the command line prints one JSON document instead of text. Default: no. */
  public SettingsBuilder json(boolean value) {
    return set(SettingKey.JSON, value);
  }

  /**
   * Where secrets are, by id: {@code env:NAME} for an environment variable, {@code file:PATH} for a
   * file. Default: only {@link SecretProvider}s are asked.
   *
   * @throws ImageSpecException if one has another form; the message does not repeat it
   */
  public SettingsBuilder secrets(Map<String, String> wheres) {
    wheres.forEach((id, where) -> secret(id, where, SECRET + id));
    return this;
  }

  /**
   * What to do if a repository of Amazon ECR does not exist. Default: {@link
   * RepositoryCreation#CREATE}.
   */
  public SettingsBuilder createRepository(RepositoryCreation value) {
    return set(SettingKey.CREATE_REPOSITORY, value);
  }

  /**
   * Who may pull from the repositories, in addition to those that the annotations name: account ids
   * (12 digits), and ARNs of users, roles and account roots. Default: nobody.
   *
   * @throws ImageSpecException if one is neither
   */
  public SettingsBuilder pullPrincipals(List<String> principals) {
    return set(SettingKey.PULL_PRINCIPALS, principals);
  }

  /**
   * The role to assume for Amazon ECR. Default: the identity that the AWS SDK finds is used.
   *
   * @throws ImageSpecException if it is not the ARN of a role
   */
  public SettingsBuilder ecrAssumeRole(String arn) {
    return set(SettingKey.ECR_ASSUME_ROLE, arn);
  }

  /** The external id that the role's trust policy requires. Default: none. */
  public SettingsBuilder ecrExternalId(String id) {
    return set(SettingKey.ECR_EXTERNAL_ID, id);
  }

  /**
   * Filters for tags that stay mutable in repositories created with immutable tags. At most 5, made
   * of letters, digits, {@code . _ -} and {@code *}. Default: none.
   *
   * @throws ImageSpecException if a filter has another form, or matches tags of registered images
   */
  public SettingsBuilder ecrMutableTagFilters(List<String> filters) {
    return set(SettingKey.ECR_MUTABLE_TAG_FILTERS, filters);
  }

  /** The tags that images get besides the one of their fingerprint. Default: none. */
  public SettingsBuilder tags(List<TagTemplate> templates) {
    return set(SettingKey.TAGS, templates);
  }

  /**
   * The settings of a task registrar.
   *
   * @param registrar its {@linkplain TaskRegistrar#name name}
   * @param settings values by the names that the registrar {@linkplain TaskRegistrar#settings
   *     declares}
   */
  public SettingsBuilder registrar(String registrar, Map<String, String> settings) {
    registrars.computeIfAbsent(registrar, key -> new HashMap<>()).putAll(settings);
    return this;
  }

  /**
   * Builds the settings.
   *
   * @throws ImageSpecException if two settings contradict each other, or if the registry's AWS
   *     region is unknown and looks like a misspelt known one
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
          "it is for a role; set " + SettingKey.ECR_ASSUME_ROLE + ", too");
    }
    Path projectDir =
        all.find(SettingKey.PROJECT_DIR).orElse(Path.of("")).toAbsolutePath().normalize();
    all.put(SettingKey.PROJECT_DIR, projectDir);
    if (all.find(SettingKey.LOCK).isEmpty()) {
      all.put(SettingKey.LOCK, projectDir.resolve("imagespec.lock"));
    }
    requireFilesOfTheirOwn(all, projectDir);
    if (all.find(SettingKey.ENGINE_LOGS).isEmpty()) {
      // Not the temporary folder: there, any user could plant a symbolic link.
      Home.of(System.getenv())
          .ifPresent(
              home -> all.put(SettingKey.ENGINE_LOGS, home.resolve(".cache/imagespec/logs")));
    }
    if (all.find(SettingKey.HISTORY).isEmpty()) {
      Home.cache(System.getenv())
          .ifPresent(cache -> all.put(SettingKey.HISTORY, cache.resolve("imagespec/history")));
    }
    if (all.find(SettingKey.MEMORY).isEmpty()) {
      Home.cache(System.getenv())
          .ifPresent(
              cache -> all.put(SettingKey.MEMORY, Optional.of(cache.resolve("imagespec/memory"))));
    }
    return new Settings(all, secrets, registrars, targetCredential);
  }

  /**
   * A file that is written must not replace another one, and least of all one that is committed.
   */
  private void requireFilesOfTheirOwn(SettingValues all, Path projectDir) {
    Map<Path, String> taken = new HashMap<>();
    taken.put(projectDir.resolve(SettingsReader.FILE), SettingsReader.FILE);
    for (SettingKey<Path> key : List.of(SettingKey.LOCK, SettingKey.RECORD, SettingKey.REPORT)) {
      all.find(key)
          .ifPresent(
              file -> {
                String other = taken.putIfAbsent(file.toAbsolutePath().normalize(), key.name());
                if (other != null) {
                  throw wrong(
                      place(key), file + " is the file of " + other + ", too; name another");
                }
              });
    }
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
   * Parses and sets a value.
   *
   * @param base the folder that a relative path in the text is relative to
   * @param place where the text comes from, for messages
   */
  <T> SettingsBuilder read(SettingKey<T> key, String text, Path base, String place) {
    values.put(key, parsed(key, text, base, place));
    places.put(key, place);
    return this;
  }

  /**
   * Parses and checks a value.
   *
   * @param base the folder that a relative path in the text is relative to
   * @param place where the text comes from, for messages
   */
  static <T> T parsed(SettingKey<T> key, String text, Path base, String place) {
    try {
      return key.form().admit(key.form().read(text, base));
    } catch (IllegalArgumentException e) {
      throw wrong(place, e.getMessage());
    }
  }

  /**
   * Sets where a secret is. The message of a failure does not repeat the text: it may be the
   * secret's value, given by mistake.
   */
  void secret(String id, String where, String place) {
    if (!where.matches("(?s)(?:env|file):.+")) {
      throw wrong(
          place,
          "it says where the secret is, env:NAME for an environment variable or file:PATH, and never"
              + " holds the secret itself");
    }
    secrets.put(id, where);
  }

  /** Sets the credential for the registries that images are pushed to. */
  void targetCredential(RegistryCredential credential) {
    targetCredential = credential;
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
    return new ImageSpecException(
        FailureCode.INVALID_SETTING,
        Printable.value(place + ": " + what + (String.valueOf(what).endsWith("?") ? "" : ".")));
  }
}
