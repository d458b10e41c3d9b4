package dev.imagespec.runtime.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.RemoteManifest;
import dev.imagespec.runtime.resolve.Base;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What images stand on: bases, environments and other tasks' images. Reads their manifests and
 * configurations, each once per registration. Layers are not read here.
 */
public final class BaseImages {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What Linux stacks at most; with more, no image runs. */
  private static final int MAX_LAYERS = 500;

  private final RegistryClient registry;
  private final Map<String, BaseManifest> read = new ConcurrentHashMap<>();
  private final Map<String, Registered> registered = new ConcurrentHashMap<>();

  private record Registered(Repository repository, Digest digest) {}

  public BaseImages(RegistryClient registry) {
    this.registry = registry;
  }

  /** Takes note of the image of some tasks, which others may be based on. */
  public void register(Collection<String> tasks, Repository repository, Digest digest) {
    tasks.forEach(task -> registered.put(task, new Registered(repository, digest)));
  }

  /**
   * The base on a platform.
   *
   * @throws ImageSpecException if it is gone, or of a form that nothing can be put on
   */
  BaseManifest get(Base base, Platform platform) {
    if (base.task().isPresent()) {
      return ofTask(base.task().get(), platform);
    }
    Optional<Digest> digest = base.manifest(platform);
    if (digest.isEmpty() || base.source().isEmpty()) {
      return scratch(base.name(), platform);
    }
    Repository source = base.source().get();
    return read.computeIfAbsent(
        base.name() + " " + source + " " + digest.get(),
        key -> read(base.name(), source, digest.get()));
  }

  /**
   * The reference that a builder reads a base by.
   *
   * @param platform the platform's own manifest; empty for the index
   * @throws ImageSpecException if it is the image of a task that was not registered
   */
  ImageReference reference(Base base, Optional<Platform> platform) {
    Repository repository;
    Digest digest;
    if (base.task().isPresent()) {
      Registered image = registered(base.task().get());
      repository = image.repository();
      digest = image.digest();
    } else {
      repository = base.source().orElseThrow();
      digest = platform.flatMap(base::manifest).or(base::top).orElseThrow();
    }
    return repository.image(digest);
  }

  /** The user that a base's programs run as; empty for root. */
  String user(Base base, Platform platform) {
    return user(get(base, platform));
  }

  /**
   * The user that a base's programs run as; empty for root.
   *
   * @param source where its bytes come from
   */
  public String user(Repository source, ImageReference reference, Platform platform) {
    String name = reference.toString();
    RemoteManifest top =
        registry
            .manifests()
            .get(source, reference.manifestReference())
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.BASE_NOT_FOUND,
                        "The base image "
                            + name
                            + " does not exist, and its user has to be known. Register what it is the image"
                            + " of, or correct baseImage."));
    return user(read(name, source, ofPlatform(name, top, platform)));
  }

  private static String user(BaseManifest base) {
    return base.config().path("config").path("User").asText("");
  }

  /**
   * An environment on its base. Its steps have changed files and nothing else: what the engine says
   * of the configuration besides is left to the base.
   *
   * @param located where the environment is
   * @throws ImageSpecException if it is not of that base
   */
  BaseManifest withSteps(BaseManifest base, Platform platform, LocatedEnvironment located) {
    String name = located.environment().tag() + " in " + located.repository();
    BaseManifest built =
        read.computeIfAbsent(
            name, key -> read(name, located.repository(), ofPlatform(name, located, platform)));
    JsonNode below = base.config().path("rootfs").path("diff_ids");
    JsonNode all = built.config().path("rootfs").path("diff_ids");
    boolean isOfBase =
        below.size() <= all.size()
            && built.config().path("architecture").asText().equals(platform.architecture());
    for (int i = 0; isOfBase && i < below.size(); i++) {
      isOfBase = below.get(i).equals(all.get(i));
    }
    if (!isOfBase) {
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
    ObjectNode config = base.config().deepCopy();
    config.set("rootfs", built.config().get("rootfs").deepCopy());
    config.remove("history");
    if (built.config().has("history")) {
      config.set("history", built.config().get("history").deepCopy());
    }
    return new BaseManifest(base.name(), base.digest(), built.source(), built.layers(), config);
  }

  /** When an environment that is there was built; empty if its engine does not say. */
  public Optional<Instant> created(PlannedEnvironment planned) {
    RemoteManifest top = planned.existing().orElseThrow();
    String name = planned.toString();
    String created =
        read(name, planned.repository(), ofPlatform(name, top, planned.environment().platform()))
            .config()
            .path("created")
            .asText("");
    try {
      return Optional.of(Instant.parse(created)).filter(time -> time.isAfter(Instant.EPOCH));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private Digest ofPlatform(String name, LocatedEnvironment located, Platform platform) {
    return ofPlatform(name, located.manifest(), platform);
  }

  /**
   * The image of another task. It gives no digest of its own to an image on it: that is known by
   * its inputs, and the same inputs may have other compressed bytes elsewhere.
   */
  private BaseManifest ofTask(String task, Platform platform) {
    Registered image = registered(task);
    String name = "of " + task;
    BaseManifest whole =
        read.computeIfAbsent(
            task + " " + platform,
            key -> read(name, image.repository(), ofPlatform(name, image, platform)));
    return new BaseManifest(name, Optional.empty(), whole.source(), whole.layers(), whole.config());
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
    RemoteManifest top =
        registry
            .manifests()
            .get(image.repository(), image.digest().toString())
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

  /** The manifest for a platform: one of an index, or the only one. */
  static Digest ofPlatform(String name, RemoteManifest top, Platform platform) {
    try {
      JsonNode json = JSON.readTree(top.bytes());
      if (!json.has("manifests")) {
        return top.digest();
      }
      for (JsonNode entry : json.get("manifests")) {
        JsonNode at = entry.path("platform");
        Platform other =
            new Platform(
                at.path("os").asText(),
                at.path("architecture").asText(),
                at.path("variant").asText(""));
        if (other.equals(platform)) {
          return Digest.parse(entry.path("digest").asText());
        }
      }
      throw new IOException("it is not for " + platform);
    } catch (IOException | IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The image " + name + " cannot be read: " + e.getMessage() + ".",
          e);
    }
  }

  private BaseManifest read(String name, Repository source, Digest digest) {
    RemoteManifest manifest =
        registry
            .manifests()
            .get(source, digest.toString())
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.BASE_NOT_FOUND,
                        "The base image "
                            + name
                            + " is locked to "
                            + digest
                            + ", which "
                            + source
                            + " no longer has. Refresh the lock with `imagespec lock`."));
    try {
      JsonNode json = JSON.readTree(manifest.bytes());
      JsonNode descriptor = json.path("config");
      byte[] bytes =
          registry
              .blobs()
              .read(
                  source,
                  Digest.parse(descriptor.path("digest").asText()),
                  descriptor.path("size").asLong());
      if (!(JSON.readTree(bytes) instanceof ObjectNode config)) {
        throw new IOException("its configuration is no JSON object");
      }
      if (json.path("layers").size() > MAX_LAYERS) {
        throw new IOException(
            "it has " + json.path("layers").size() + " layers; overlayfs takes " + MAX_LAYERS);
      }
      List<BaseManifest.BaseLayer> layers = new ArrayList<>();
      for (JsonNode layer : json.path("layers")) {
        layers.add(layer(name, source, layer));
      }
      check(name, config, layers.size());
      return new BaseManifest(
          name, Optional.of(digest), Optional.of(source), List.copyOf(layers), config);
    } catch (IOException | IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The base image " + name + "@" + digest + " cannot be read: " + e.getMessage() + ".",
          e);
    }
  }

  private BaseManifest.BaseLayer layer(String name, Repository source, JsonNode layer) {
    Digest digest = Digest.parse(layer.path("digest").asText());
    long size = layer.path("size").asLong(-1);
    if (size < 0) {
      throw new IllegalArgumentException("the layer " + digest + " has no size");
    }
    ObjectNode descriptor = JSON.createObjectNode();
    descriptor.put("mediaType", MediaTypes.ofLayer(layer.path("mediaType").asText(), name));
    descriptor.put("digest", digest.toString());
    descriptor.put("size", size);
    if (layer.has("urls")) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The base image "
              + name
              + " has a layer whose bytes stand outside its registry; use another base image.");
    }
    if (layer.has("annotations")) {
      descriptor.set("annotations", layer.get("annotations"));
    }
    return new BaseManifest.BaseLayer(descriptor, registry.blobs().source(source, digest, size));
  }

  private static void check(String name, ObjectNode config, int layers) {
    int diffIds = config.path("rootfs").path("diff_ids").size();
    if (diffIds != layers) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The base image "
              + name
              + " has "
              + layers
              + " layers but "
              + diffIds
              + " diff IDs; use another base image.");
    }
    if (!config.path("config").path("OnBuild").isEmpty()) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The base image "
              + name
              + " has ONBUILD steps, which only a Dockerfile build runs; use a base image without them.");
    }
  }

  private static BaseManifest scratch(String name, Platform platform) {
    ObjectNode config = JSON.createObjectNode();
    config.put("architecture", platform.architecture());
    config.put("os", platform.os());
    if (!platform.variant().isEmpty()) {
      config.put("variant", platform.variant());
    }
    config.putObject("config");
    config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
    config.putArray("history");
    return new BaseManifest(name, Optional.empty(), Optional.empty(), List.of(), config);
  }
}
