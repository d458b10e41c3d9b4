package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageConfig;
import dev.imagespec.runtime.oci.ImageIndex;
import dev.imagespec.runtime.oci.ImageManifest;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.HostedEnvironment;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.resolve.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Composes images from a base's manifest, the payload's layers and a configuration. The result is
 * always an OCI image, whatever format the base has; with several platforms, it is an index.
 */
public final class ImageComposer {
  /** Container runtimes mount layers with overlayfs, and reject more. */
  private static final int MAX_LAYERS = 127;

  private final BaseImages bases;
  private final LayerBuilder layers;
  private final JavaCheck java;
  private final PythonCheck python;

  public ImageComposer(BaseImages bases, LayerBuilder layers) {
    this.bases = bases;
    this.layers = layers;
    this.java = new JavaCheck(bases);
    this.python = new PythonCheck(bases);
  }

  /**
   * Checks that the Java of an image's base can load the classes that go in. Reads of the base what
   * composing the image reads anyway.
   *
   * @throws ImageSpecException with {@link FailureCode#BASE_UNUSABLE} if its Java is too old; or if
   *     the base cannot be read
   */
  public void requireJava(PlannedImage plan) {
    java.check(plan.spec());
  }

  /**
   * Checks that the lock of Python packages that goes into an image is for its base's Python. Reads
   * of the base what composing the image reads anyway.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if it is not; or if the base
   *     cannot be read
   */
  public void requirePython(PlannedImage plan) {
    python.check(plan.spec());
  }

  /**
   * Checks that there is what an image stands on.
   *
   * @throws ImageSpecException if its base or an environment is not there: the reason
   */
  public void require(PlannedImage plan, Environments environments) {
    bases.require(plan.spec().base());
    plan.environments().values().forEach(environments::get);
  }

  /**
   * Begins an image: finds what it stands on.
   *
   * @param environments the environments that images are built on
   * @throws ImageSpecException if its base or an environment is not there, or cannot be read, or if
   *     it has more layers than runtimes take
   */
  public BegunImage begin(PlannedImage plan, Environments environments) {
    Map<Platform, BaseManifest> below = new LinkedHashMap<>();
    boolean onNewEnvironment = false;
    Base base = plan.spec().base();
    Map<Platform, HostedEnvironment> hosted = plan.environments();
    for (Platform platform : base.platforms()) {
      BaseManifest manifest = bases.get(base, platform);
      HostedEnvironment environment = hosted.get(platform);
      if (environment != null) {
        LocatedEnvironment located = environments.get(environment);
        onNewEnvironment |= located.isNew();
        manifest =
            base instanceof Base.OfDockerfile own
                ? bases.built(own, platform, located)
                : bases.withSteps(manifest, platform, located);
      }
      checkCount(manifest, plan.spec().draft().layers().size());
      below.put(platform, manifest);
    }
    return new BegunImage(plan, below, onNewEnvironment);
  }

  /**
   * Builds a layer of the payload, or returns the equal one that was built before.
   *
   * @throws ImageSpecException if a file changed after it was resolved
   */
  public BuiltLayer build(Layer layer) {
    return layers.build(layer);
  }

  /** Builds all layers from now on, whatever this machine remembers of them: it was wrong. */
  public void distrust() {
    layers.distrust();
  }

  /**
   * Composes one image, and builds the layers of its payload.
   *
   * @param environments the environments that images are built on
   * @throws ImageSpecException if its base or a file changed after it was resolved
   */
  public ComposedImage compose(PlannedImage plan, Environments environments) {
    return compose(
        begin(plan, environments),
        plan.spec().draft().layers().stream().map(layers::build).toList());
  }

  /**
   * Composes one image.
   *
   * @param payload its payload's layers, lowest first
   */
  public ComposedImage compose(BegunImage begun, List<BuiltLayer> payload) {
    PlannedImage plan = begun.plan();
    Map<Digest, ComposedImage.Blob> blobs = new LinkedHashMap<>();
    Map<Digest, ComposedImage.Blob> configs = new LinkedHashMap<>();
    List<RawManifest> children = new ArrayList<>();
    List<Descriptor> entries = new ArrayList<>();
    Map<String, String> annotations = plan.spec().draft().config().annotations();
    for (Map.Entry<Platform, BaseManifest> each : begun.below().entrySet()) {
      Platform platform = each.getKey();
      BaseManifest below = each.getValue();
      below.layers().forEach(layer -> add(blobs, ComposedImage.Blob.of(layer)));
      payload.forEach(layer -> add(blobs, ComposedImage.Blob.made(layer.blob())));
      ImageConfig composed =
          ConfigComposer.compose(below, plan.spec().draft().config(), payload, plan.fingerprint());
      BlobSource config = BlobSource.of(composed.bytes());
      add(configs, ComposedImage.Blob.made(config));
      RawManifest manifest = manifest(below, payload, config, annotations);
      children.add(manifest);
      entries.add(Descriptor.of(manifest, platform, composed));
    }
    configs.forEach(blobs::putIfAbsent);
    boolean single = children.size() == 1;
    return new ComposedImage(
        plan,
        single ? List.of() : children,
        single ? children.get(0) : new ImageIndex(entries).write(annotations),
        List.copyOf(blobs.values()),
        begun.onNewEnvironment());
  }

  private static void checkCount(BaseManifest base, int payload) {
    if (base.layers().size() + payload > MAX_LAYERS) {
      throw new ImageSpecException(
          FailureCode.BASE_UNUSABLE,
          "The base image "
              + base.name()
              + " has "
              + base.layers().size()
              + " layers; with the payload's that is more than the "
              + MAX_LAYERS
              + " that container runtimes take.");
    }
  }

  private static void add(Map<Digest, ComposedImage.Blob> blobs, ComposedImage.Blob blob) {
    blobs.putIfAbsent(blob.source().digest(), blob);
  }

  private static RawManifest manifest(
      BaseManifest base,
      List<BuiltLayer> payload,
      BlobSource config,
      Map<String, String> annotations) {
    List<Descriptor> layers = new ArrayList<>();
    base.layers().forEach(layer -> layers.add(layer.descriptor()));
    payload.forEach(layer -> layers.add(descriptor(MediaType.OCI_LAYER_GZIP, layer.blob())));
    return new ImageManifest(descriptor(MediaType.OCI_CONFIG, config), layers).write(annotations);
  }

  private static Descriptor descriptor(MediaType type, BlobSource blob) {
    return Descriptor.of(type, blob.digest(), blob.size());
  }
}
