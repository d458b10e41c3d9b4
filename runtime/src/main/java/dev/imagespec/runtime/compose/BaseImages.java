package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.ImageConfig;
import dev.imagespec.runtime.oci.ImageIndex;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Once;
import dev.imagespec.runtime.work.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads the manifests and configurations of bases, environments and other tasks' images: what
 * images are built on. Each is read once per registration. Layers are not read here.
 */
public final class BaseImages {
  private final RegistryClient registry;
  private final BaseReader reader;

  /** A registry that does not answer is not asked again for the next image: that takes minutes. */
  private final Once<Key, Attempt<BaseManifest>> read = new Once<>();

  private final Once<TaskKey, BaseManifest> ofTasks = new Once<>();
  private final Map<String, Registered> registered = new ConcurrentHashMap<>();

  /** Images that are on this machine alone, by the digests of their manifests. */
  private final Map<Digest, LocalImage> local = new ConcurrentHashMap<>();

  private record Key(String name, Repository source, Digest digest) {}

  private record TaskKey(String task, Platform platform) {}

  private record Registered(Repository repository, Digest digest) {}

  public BaseImages(RegistryClient registry) {
    this.registry = registry;
    this.reader = new BaseReader(registry::redact);
  }

  /** Records the image of these tasks, so that other images can be based on it. */
  public void register(Collection<String> tasks, Repository repository, Digest digest) {
    tasks.forEach(task -> registered.put(task, new Registered(repository, digest)));
  }

  /**
   * Records the image of these tasks, which is on this machine alone, so that other images can be
   * based on it.
   */
  public void register(ComposedImage image) {
    keep(LocalImage.of(image));
    register(image.plan().tasks(), image.plan().repository(), image.top().digest());
  }

  /** Records an image that is on this machine alone. */
  void keep(LocalImage image) {
    image.digests().forEach(digest -> local.put(digest, image));
  }

  private ImageSource source(Repository repository, Digest digest) {
    LocalImage image = local.get(digest);
    return image == null ? ImageSource.of(registry, repository) : image;
  }

  /**
   * Checks that a base which is another task's image is there.
   *
   * @throws ImageSpecException with {@link FailureCode#BASE_NOT_FOUND} if it was not registered
   */
  void require(Base base) {
    if (base instanceof Base.OfTask other) {
      Registered unused = registered(other.task());
    }
  }

  /**
   * The base for a platform.
   *
   * @throws ImageSpecException with {@link FailureCode#BASE_NOT_FOUND} if it no longer exists; with
   *     {@link FailureCode#BASE_UNUSABLE} if no image can be built on it
   */
  BaseManifest get(Base base, Platform platform) {
    if (base instanceof Base.OfTask other) {
      return ofTask(other.task(), platform);
    }
    if (base instanceof Base.OfDockerfile own) {
      Optional<Base.Registered> below = own.below(platform);
      return below.isPresent()
          ? get(below.get(), platform)
          : new BaseManifest(base.shown(), Map.of(), List.of(), ImageConfig.empty(platform));
    }
    if (base instanceof Base.Registered image) {
      Digest digest = image.manifest(platform);
      BaseManifest found =
          read(image.name(), image.source(), digest, image.reference().tag().orElse(""));
      return new BaseManifest(
          found.name(),
          Map.of(
              "org.opencontainers.image.base.name",
              image.name(),
              "org.opencontainers.image.base.digest",
              digest.toString()),
          found.layers(),
          found.config());
    }
    return new BaseManifest(base.name(), Map.of(), List.of(), ImageConfig.empty(platform));
  }

  /**
   * The reference that a builder uses to read a base for all its platforms.
   *
   * @throws ImageSpecException if it is the image of a task that was not registered
   */
  ImageReference reference(Base base) {
    if (base instanceof Base.Registered image) {
      return image.source().image(image.top());
    }
    if (base instanceof Base.OfTask other) {
      Registered image = registered(other.task());
      if (local.containsKey(image.digest())) {
        throw new ImageSpecException(
            FailureCode.BASE_NOT_FOUND,
            "Its environment is built on the image of "
                + other.task()
                + ", which engines read from the registry, and it is not there. Register "
                + other.task()
                + " first: imagespec register --class "
                + other.task());
      }
      return image.repository().image(image.digest());
    }
    throw new IllegalArgumentException(base.name() + " is in no registry");
  }

  /** The reference that a builder uses to read a base for one of its platforms. */
  ImageReference reference(Base base, Platform platform) {
    return base instanceof Base.Registered image
        ? image.source().image(image.manifest(platform))
        : reference(base);
  }

  /**
   * Checks the images that the stages of a Dockerfile start from. The engine would run what one has
   * for images on top of it (ONBUILD), which may read files that nobody has named.
   *
   * @throws ImageSpecException with {@link FailureCode#BASE_NOT_FOUND} if one no longer exists;
   *     with {@link FailureCode#BASE_UNUSABLE} if no image can be built on it
   */
  void requireStarts(Base.OfDockerfile own, Platform platform) {
    for (Base.OfDockerfile.Used used : own.images(platform)) {
      if (used.use().isStart()) {
        String name = used.use().reference().toString();
        Digest digest =
            used.use().isOfBuilder() ? ofBuilder(name, used.source(), used.top()) : used.digest();
        BaseManifest unused =
            read(name, used.source(), digest, used.use().reference().tag().orElse(""));
      }
    }
  }

  /** An image of an index: which one the machine that builds takes is not known here. */
  private Digest ofBuilder(String name, Repository source, Digest top) {
    try {
      Optional<RawManifest> raw = source(source, top).manifest(top, "");
      return raw.isPresent() && raw.get().parse() instanceof ImageIndex index
          ? index.platforms().values().stream().findFirst().orElse(top)
          : top;
    } catch (InvalidDocumentException e) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The image "
              + name
              + " cannot be read: "
              + registry.redact(String.valueOf(e.getMessage()))
              + ".",
          e);
    }
  }

  /** The user that runs a base's programs; empty for root. */
  String user(Base base, Platform platform) {
    return get(base, platform).config().user();
  }

  /**
   * The user that runs a base's programs; empty for root.
   *
   * @param source the repository to read it from
   */
  public String user(Repository source, ImageReference reference, Platform platform) {
    String name = reference.toString();
    RawManifest top =
        registry
            .manifests()
            .get(source, reference.manifestReference())
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.BASE_NOT_FOUND,
                        "The base image "
                            + name
                            + " does not exist, and its user is needed. Register what it is the image"
                            + " of, or correct baseImage."));
    return read(name, source, ofPlatform(name, top, platform)).config().user();
  }

  /**
   * An environment on its base. The environment adds only the files that its steps changed; all
   * other configuration comes from the base, not from the engine.
   *
   * @param located where the environment is
   * @throws ImageSpecException if the environment was not built on this base
   */
  BaseManifest withSteps(BaseManifest base, Platform platform, LocatedEnvironment located) {
    String name = located.environment().tag() + " in " + located.repository();
    BaseManifest built =
        read(name, located.repository(), ofPlatform(name, located.manifest(), platform));
    List<Digest> below = base.config().diffIds();
    List<Digest> all = built.config().diffIds();
    if (below.size() > all.size()
        || !all.subList(0, below.size()).equals(below)
        || !built.config().architecture().equals(platform.architecture())) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The environment "
              + name
              + " does not stand on "
              + base.name()
              + " for "
              + platform
              + ". Somebody else pushed this tag: have it built anew with --force.");
    }
    return new BaseManifest(
        base.name(),
        base.labels(),
        layers(base, built, located),
        base.config().toBuilder().layersOf(built.config()).build());
  }

  /**
   * What an engine built from a Dockerfile of the project. Its configuration is what the Dockerfile
   * and its base say.
   *
   * @param located where it is
   * @throws ImageSpecException if it was not built on what the Dockerfile starts from
   */
  BaseManifest built(Base.OfDockerfile own, Platform platform, LocatedEnvironment located) {
    BaseManifest environment = withSteps(get(own, platform), platform, located);
    String name = located.environment().tag() + " in " + located.repository();
    BaseManifest built =
        read(name, located.repository(), ofPlatform(name, located.manifest(), platform));
    return new BaseManifest(
        environment.name(),
        environment.labels(),
        environment.layers(),
        built.config().toBuilder().standard().build());
  }

  /**
   * The layers of an environment. Below those of its steps, an engine that has not pushed it gives
   * the base's layers as it keeps them; the base's own bytes are what a registry has.
   */
  private List<BaseManifest.BaseLayer> layers(
      BaseManifest base, BaseManifest built, LocatedEnvironment located) {
    if (!local.containsKey(located.manifest().digest())) {
      return built.layers();
    }
    List<BaseManifest.BaseLayer> layers = new ArrayList<>(base.layers());
    layers.addAll(built.layers().subList(layers.size(), built.layers().size()));
    return layers;
  }

  /** When an existing environment was built; empty if its engine does not say. */
  public Optional<Instant> created(PlannedEnvironment planned) {
    RawManifest top = planned.existing().orElseThrow();
    String name = planned.toString();
    return read(name, planned.repository(), ofPlatform(name, top, planned.environment().platform()))
        .config()
        .created()
        .filter(time -> time.isAfter(Instant.EPOCH));
  }

  /**
   * The image of another task. An image based on it has no label with its digest: its identity is
   * its inputs, and the same inputs may give other compressed bytes elsewhere.
   */
  private BaseManifest ofTask(String task, Platform platform) {
    Registered image = registered(task);
    return ofTasks.get(
        new TaskKey(task, platform),
        () -> {
          String name = "of " + task;
          return read(name, image.repository(), ofPlatform(name, image, platform));
        });
  }

  private Registered registered(String task) {
    Registered image = registered.get(task);
    if (image == null) {
      throw new ImageSpecException(
          FailureCode.BASE_NOT_FOUND,
          "Its base, the image of " + task + ", was not registered; see there.");
    }
    return image;
  }

  private Digest ofPlatform(String name, Registered image, Platform platform) {
    RawManifest top =
        source(image.repository(), image.digest())
            .manifest(image.digest(), "")
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.BASE_NOT_FOUND,
                        "The image "
                            + name
                            + " is no longer in "
                            + image.repository()
                            + ". Register again."));
    return ofPlatform(name, top, platform);
  }

  /**
   * The digest of a platform's manifest: an entry of an index, or the only manifest.
   *
   * @throws ImageSpecException with {@link FailureCode#BASE_UNUSABLE} if there is none
   */
  static Digest ofPlatform(String name, RawManifest top, Platform platform) {
    try {
      if (!(top.parse() instanceof ImageIndex index)) {
        return top.digest();
      }
      Digest digest = index.platforms().get(platform);
      if (digest == null) {
        throw new ImageSpecException(
            FailureCode.BASE_UNUSABLE, "The image " + name + " is not for " + platform + ".");
      }
      return digest;
    } catch (InvalidDocumentException e) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The image " + name + " cannot be read: " + e.getMessage() + ".",
          e);
    }
  }

  private BaseManifest read(String name, Repository source, Digest digest) {
    return read(name, source, digest, "");
  }

  private BaseManifest read(String name, Repository source, Digest digest, String tag) {
    return read.get(
            new Key(name, source, digest),
            () -> {
              Attempt<BaseManifest> attempt =
                  Attempt.at(
                      new Subject(List.of(), source),
                      () -> reader.read(name, source(source, digest), digest, tag));
              if (attempt instanceof Attempt.Failed<BaseManifest> failed
                  && failed.cause().code() != FailureCode.UNREACHABLE) {
                throw failed.cause();
              }
              return attempt;
            })
        .get();
  }
}
