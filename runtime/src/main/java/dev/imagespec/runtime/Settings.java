package dev.imagespec.runtime;

import dev.imagespec.model.AwsPrincipal;
import dev.imagespec.model.Namespace;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.registry.ecr.WantedRepository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a registration is done. Immutable; made by a {@link #builder} or {@linkplain #load loaded}.
 */
public final class Settings {
  private static final int DEFAULT_PARALLELISM = 8;
  private static final int DEFAULT_ENGINE_PARALLELISM = 4;
  private static final Duration DEFAULT_ENGINE_TIMEOUT = Duration.ofHours(1);
  private static final Pattern ROLE =
      Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+");

  private final List<Path> classPath;
  private final List<String> classes;
  private final Path projectDir;
  private final @Nullable Namespace registry;
  private final @Nullable RepositoryName name;
  private final List<Mirror> mirrors;
  private final List<Realm> realms;
  private final Path lock;
  private final boolean locked;
  private final @Nullable Path record;
  private final boolean force;
  private final @Nullable String source;
  private final @Nullable String revision;
  private final int parallelism;
  private final Set<Registry> ecrHosts;
  private final @Nullable String ecrAccount;
  private final @Nullable String ecrRegion;
  private final @Nullable String engine;
  private final List<String> engineBuilders;
  private final @Nullable String engineNetwork;
  private final @Nullable Repository engineCache;
  private final Duration engineTimeout;
  private final int engineParallelism;
  private final Path engineLogs;
  private final Map<String, String> secrets;
  private final RepositoryCreation createRepository;
  private final List<String> pullPrincipals;
  private final @Nullable String ecrAssumeRole;
  private final @Nullable String ecrExternalId;
  private final List<String> ecrMutableTagFilters;

  private Settings(Builder builder) {
    classPath = List.copyOf(builder.classPath);
    classes = List.copyOf(builder.classes);
    projectDir = builder.projectDir.toAbsolutePath().normalize();
    registry = builder.registry;
    name = builder.name;
    mirrors = List.copyOf(builder.mirrors);
    realms = List.copyOf(builder.realms);
    lock = builder.lock == null ? projectDir.resolve("imagespec.lock") : builder.lock;
    locked = builder.locked;
    record = builder.record;
    force = builder.force;
    source = builder.source;
    revision = builder.revision;
    parallelism = builder.parallelism;
    ecrHosts = Set.copyOf(builder.ecrHosts);
    ecrAccount = builder.ecrAccount;
    ecrRegion = builder.ecrRegion;
    engine = builder.engine;
    engineBuilders = List.copyOf(builder.engineBuilders);
    engineNetwork = builder.engineNetwork;
    engineCache = builder.engineCache;
    engineTimeout = builder.engineTimeout;
    engineParallelism = builder.engineParallelism;
    engineLogs =
        builder.engineLogs == null
            // Not the folder for temporary files, where anybody could lay a link in the way.
            ? Path.of(System.getProperty("user.home"), ".cache", "imagespec", "logs")
            : builder.engineLogs;
    secrets = Map.copyOf(builder.secrets);
    createRepository = builder.createRepository;
    pullPrincipals = builder.pullPrincipals;
    ecrAssumeRole = builder.ecrAssumeRole;
    ecrExternalId = builder.ecrExternalId;
    ecrMutableTagFilters = builder.ecrMutableTagFilters;
  }

  /** Settings that are all at their defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Settings from all their sources; the first that has one wins.
   *
   * @param flags the command line's, by the setting's name ({@code imagespec.registry})
   * @param system system properties of those names
   * @param environment environment variables ({@code IMAGESPEC_REGISTRY})
   * @param workingDirectory what relative paths are relative to, and the default project directory,
   *     whose {@code imagespec.properties} is the last source
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if a value is wrong or a
   *     setting does not exist; the message says where it stands
   */
  public static Settings load(
      Map<String, String> flags,
      Properties system,
      Map<String, String> environment,
      Path workingDirectory) {
    return SettingsReader.read(flags, system, environment, workingDirectory);
  }

  /**
   * Settings from system properties and environment variables alone, for what is done in no
   * project: whatever folder it is started in has no say.
   *
   * @throws ImageSpecException as {@link #load} does
   */
  public static Settings ofEnvironment(Properties system, Map<String, String> environment) {
    return SettingsReader.readEnvironment(system, environment);
  }

  /** Folders and jars with the task classes; goes into images that ask for the class path. */
  public List<Path> classPath() {
    return classPath;
  }

  /** The task classes to register; none for all. */
  public List<String> classes() {
    return classes;
  }

  /** Holds the lock and the files that specs name. Absolute. */
  public Path projectDir() {
    return projectDir;
  }

  /** The registry to push to, whatever the annotations say. */
  public Optional<Namespace> registry() {
    return Optional.ofNullable(registry);
  }

  /** The repository to push to, whatever the annotations say. */
  public Optional<RepositoryName> name() {
    return Optional.ofNullable(name);
  }

  /** Where base images are read from instead. */
  public List<Mirror> mirrors() {
    return mirrors;
  }

  /** Token servers on other hosts that registries' credentials may be sent to. */
  public List<Realm> realms() {
    return realms;
  }

  /** The lock's file. */
  public Path lock() {
    return lock;
  }

  /** Whether a base that the lock does not have is an error. */
  public boolean locked() {
    return locked;
  }

  /** The file that the record is written to. */
  public Optional<Path> record() {
    return Optional.ofNullable(record);
  }

  /** Whether images are built although they exist. */
  public boolean force() {
    return force;
  }

  /** Where the tasks' source is kept, for the record. */
  public Optional<String> source() {
    return Optional.ofNullable(source);
  }

  /** The source's revision, for the record. */
  public Optional<String> revision() {
    return Optional.ofNullable(revision);
  }

  /** How many blobs and manifests are sent at the same time. */
  public int parallelism() {
    return parallelism;
  }

  /** Hosts that are to be taken for private registries of Amazon ECR: emulators. */
  public Set<Registry> ecrHosts() {
    return ecrHosts;
  }

  /** The account that emulators' repositories belong to; unset: the API's own choice. */
  public Optional<String> ecrAccount() {
    return Optional.ofNullable(ecrAccount);
  }

  /** The region of emulators; unset: the AWS SDK's own choice. */
  public Optional<String> ecrRegion() {
    return Optional.ofNullable(ecrRegion);
  }

  /** The engine that runs environments' steps; unset: the first that can be used. */
  public Optional<String> engine() {
    return Optional.ofNullable(engine);
  }

  /** The engine's builders that share the work; none for the engine's own choice. */
  public List<String> engineBuilders() {
    return engineBuilders;
  }

  /** The network that steps run in; unset: the engine's own choice. */
  public Optional<String> engineNetwork() {
    return Optional.ofNullable(engineNetwork);
  }

  /** The repository that keeps the steps' results for other machines. */
  public Optional<Repository> engineCache() {
    return Optional.ofNullable(engineCache);
  }

  /** How long an environment may take to build. */
  public Duration engineTimeout() {
    return engineTimeout;
  }

  /** How many environments a builder is given at once. */
  public int engineParallelism() {
    return engineParallelism;
  }

  /** The folder for the engine's logs, one file an environment. */
  public Path engineLogs() {
    return engineLogs;
  }

  /**
   * Where a secret's value is: {@code env:NAME} or {@code file:PATH}.
   *
   * @param id the secret's id; a setting in an environment variable has it in upper case, with
   *     underscores for what else is no letter or digit
   */
  public Optional<String> secret(String id) {
    String variable = id.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    return Optional.ofNullable(secrets.getOrDefault(id, secrets.get(variable)));
  }

  /** What is done about a repository of Amazon ECR that does not exist. */
  public RepositoryCreation createRepository() {
    return createRepository;
  }

  /** Who else may pull from the repositories, as well as whom the annotations name. */
  public List<String> pullPrincipals() {
    return pullPrincipals;
  }

  /** The role to ask Amazon ECR as; unset: what the AWS SDK's chain finds. */
  public Optional<String> ecrAssumeRole() {
    return Optional.ofNullable(ecrAssumeRole);
  }

  /** What that role's trust policy wants to be told. */
  public Optional<String> ecrExternalId() {
    return Optional.ofNullable(ecrExternalId);
  }

  /** Tags that may be moved although a created repository's tags are immutable. */
  public List<String> ecrMutableTagFilters() {
    return ecrMutableTagFilters;
  }

  /**
   * Where a base image's bytes are read from: the mirror with the longest matching path, else
   * itself.
   */
  public Repository mirror(Repository base) {
    return mirrors.stream()
        .filter(mirror -> mirror.matches(base))
        .max(Comparator.comparingInt(mirror -> mirror.from().path().length()))
        .map(mirror -> mirror.in(base))
        .orElse(base);
  }

  /** Makes {@link Settings}. */
  public static final class Builder {
    private List<Path> classPath = List.of();
    private List<String> classes = List.of();
    private List<String> extraRegions = List.of();
    private Path projectDir = Path.of("");
    private @Nullable Namespace registry;
    private @Nullable RepositoryName name;
    private List<Mirror> mirrors = List.of();
    private List<Realm> realms = List.of();
    private @Nullable Path lock;
    private boolean locked;
    private @Nullable Path record;
    private boolean force;
    private @Nullable String source;
    private @Nullable String revision;
    private int parallelism = DEFAULT_PARALLELISM;
    private List<Registry> ecrHosts = List.of();
    private @Nullable String ecrAccount;
    private @Nullable String ecrRegion;
    private @Nullable String engine;
    private List<String> engineBuilders = List.of();
    private @Nullable String engineNetwork;
    private @Nullable Repository engineCache;
    private Duration engineTimeout = DEFAULT_ENGINE_TIMEOUT;
    private int engineParallelism = DEFAULT_ENGINE_PARALLELISM;
    private @Nullable Path engineLogs;
    private Map<String, String> secrets = Map.of();
    private RepositoryCreation createRepository = RepositoryCreation.CREATE;
    private List<String> pullPrincipals = List.of();
    private @Nullable String ecrAssumeRole;
    private @Nullable String ecrExternalId;
    private List<String> ecrMutableTagFilters = List.of();

    private Builder() {}

    public Builder classPath(List<Path> entries) {
      classPath = entries;
      return this;
    }

    /** AWS regions that the registry may lie in although this release does not know them. */
    public Builder extraRegions(List<String> regions) {
      extraRegions = List.copyOf(regions);
      return this;
    }

    public Builder classes(List<String> names) {
      classes = names;
      return this;
    }

    public Builder projectDir(Path folder) {
      projectDir = folder;
      return this;
    }

    /** A host, with an optional port and path. */
    public Builder registry(String host) {
      registry = Namespace.parse(host);
      return this;
    }

    public Builder name(String repository) {
      name = new RepositoryName(repository);
      return this;
    }

    public Builder mirrors(List<Mirror> list) {
      mirrors = list;
      return this;
    }

    /** Token servers on other hosts that registries' credentials may be sent to. */
    public Builder realms(List<Realm> list) {
      realms = list;
      return this;
    }

    public Builder lock(Path file) {
      lock = file;
      return this;
    }

    public Builder locked(boolean value) {
      locked = value;
      return this;
    }

    public Builder record(Path file) {
      record = file;
      return this;
    }

    public Builder force(boolean value) {
      force = value;
      return this;
    }

    public Builder source(String value) {
      source = value;
      return this;
    }

    public Builder revision(String value) {
      revision = value;
      return this;
    }

    /** At least 1. */
    public Builder parallelism(int value) {
      if (value < 1) {
        throw new IllegalArgumentException("parallelism is at least 1, not " + value);
      }
      parallelism = value;
      return this;
    }

    /** Hosts of emulators, with their ports. */
    public Builder ecrHosts(List<String> hosts) {
      ecrHosts = hosts.stream().map(Registry::parse).toList();
      return this;
    }

    /** 12 digits. */
    public Builder ecrAccount(String account) {
      ecrAccount = account;
      return this;
    }

    public Builder ecrRegion(String region) {
      ecrRegion = region;
      return this;
    }

    /** {@code buildx}, {@code docker}, {@code buildah}, or another engine's name. */
    public Builder engine(String name) {
      engine = name;
      return this;
    }

    /** Names of builders that the engine knows. */
    public Builder engineBuilders(List<String> names) {
      engineBuilders = names;
      return this;
    }

    /** {@code host} for the machine's own. */
    public Builder engineNetwork(String network) {
      engineNetwork = network;
      return this;
    }

    /**
     * A repository with its registry, without a tag.
     *
     * @throws IllegalArgumentException if it is none
     */
    public Builder engineCache(String repository) {
      engineCache = Repository.parse(repository);
      return this;
    }

    public Builder engineTimeout(Duration time) {
      engineTimeout = time;
      return this;
    }

    /** At least 1. */
    public Builder engineParallelism(int value) {
      if (value < 1) {
        throw new IllegalArgumentException("engine.parallelism is at least 1, not " + value);
      }
      engineParallelism = value;
      return this;
    }

    public Builder engineLogs(Path folder) {
      engineLogs = folder;
      return this;
    }

    /** Where secrets are, {@code env:NAME} or {@code file:PATH}, by id. */
    public Builder secrets(Map<String, String> places) {
      secrets = places;
      return this;
    }

    public Builder createRepository(RepositoryCreation value) {
      createRepository = value;
      return this;
    }

    /** Accounts (12 digits), and ARNs of users, roles and accounts' roots. */
    public Builder pullPrincipals(List<String> principals) {
      for (String principal : principals) {
        if (!AwsPrincipal.isOne(principal)) {
          throw new IllegalArgumentException(
              "\""
                  + principal
                  + "\" is neither an account's 12 digits nor the ARN of a user, a role or an account's"
                  + " root");
        }
      }
      pullPrincipals = List.copyOf(principals);
      return this;
    }

    /** A role's ARN. */
    public Builder ecrAssumeRole(String arn) {
      if (!ROLE.matcher(arn).matches()) {
        throw new IllegalArgumentException(
            "a role is named by its ARN, arn:aws:iam::<account>:role/<name>");
      }
      ecrAssumeRole = arn;
      return this;
    }

    public Builder ecrExternalId(String id) {
      ecrExternalId = id;
      return this;
    }

    /** At most 5, of letters, digits, {@code . _ -} and {@code *}; none may match our own tags. */
    public Builder ecrMutableTagFilters(List<String> filters) {
      WantedRepository.checkFilters(filters);
      ecrMutableTagFilters = List.copyOf(filters);
      return this;
    }

    /**
     * The settings.
     *
     * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if the registry is none
     */
    public Settings build() {
      if (registry != null) {
        try {
          Registry unused = registry.registry().requireRegion(extraRegions);
        } catch (IllegalArgumentException e) {
          throw new ImageSpecException(
              FailureCode.INVALID_SETTING, "registry: " + e.getMessage(), e);
        }
      }
      if (ecrExternalId != null && ecrAssumeRole == null) {
        throw new ImageSpecException(
            FailureCode.INVALID_SETTING,
            "imagespec.ecr.external-id is for a role; set imagespec.ecr.assume-role, too.");
      }
      return new Settings(this);
    }
  }
}
