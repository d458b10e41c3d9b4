package dev.imagespec.runtime;

import dev.imagespec.model.RegistryHost;
import dev.imagespec.runtime.registry.RemoteRepository;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a registration is done. Immutable; made by a {@link #builder} or {@linkplain #load loaded}.
 */
public final class Settings {
  private static final int DEFAULT_PARALLELISM = 8;

  private final List<Path> classPath;
  private final List<String> classes;
  private final Path projectDir;
  private final @Nullable String registry;
  private final @Nullable String name;
  private final List<Mirror> mirrors;
  private final List<Realm> realms;
  private final Path lock;
  private final boolean locked;
  private final @Nullable Path record;
  private final boolean force;
  private final @Nullable String source;
  private final @Nullable String revision;
  private final int parallelism;
  private final Set<String> ecrHosts;
  private final @Nullable String ecrAccount;
  private final @Nullable String ecrRegion;

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
  public Optional<String> registry() {
    return Optional.ofNullable(registry);
  }

  /** The repository to push to, whatever the annotations say. */
  public Optional<String> name() {
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
  public Set<String> ecrHosts() {
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

  /**
   * Where a base image's bytes are read from: the mirror with the longest matching path, else
   * itself.
   */
  public RemoteRepository mirror(RemoteRepository base) {
    return mirrors.stream()
        .filter(mirror -> mirror.matches(base.registry(), base.name()))
        .max(Comparator.comparingInt(mirror -> mirror.from().prefix().length()))
        .map(mirror -> new RemoteRepository(mirror.to().host(), mirror.name(base.name())))
        .orElse(base);
  }

  /** Makes {@link Settings}. */
  public static final class Builder {
    private List<Path> classPath = List.of();
    private List<String> classes = List.of();
    private List<String> extraRegions = List.of();
    private Path projectDir = Path.of("");
    private @Nullable String registry;
    private @Nullable String name;
    private List<Mirror> mirrors = List.of();
    private List<Realm> realms = List.of();
    private @Nullable Path lock;
    private boolean locked;
    private @Nullable Path record;
    private boolean force;
    private @Nullable String source;
    private @Nullable String revision;
    private int parallelism = DEFAULT_PARALLELISM;
    private List<String> ecrHosts = List.of();
    private @Nullable String ecrAccount;
    private @Nullable String ecrRegion;

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
      registry = host;
      return this;
    }

    public Builder name(String repository) {
      name = repository;
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
      ecrHosts = hosts;
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

    /**
     * The settings.
     *
     * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if the registry is none
     */
    public Settings build() {
      if (registry != null) {
        try {
          RegistryHost unused = RegistryHost.parse(registry).requireRegion(extraRegions);
        } catch (IllegalArgumentException e) {
          throw new ImageSpecException(
              FailureCode.INVALID_SETTING, "registry: " + e.getMessage(), e);
        }
      }
      return new Settings(this);
    }
  }
}
