package dev.imagespec.runtime.compose;

import dev.imagespec.model.Platform;
import dev.imagespec.runtime.plan.PlannedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An image before it is composed: what it stands on is known, but not yet its payload's bytes. */
public final class BegunImage {
  private final PlannedImage plan;
  private final Map<Platform, BaseManifest> below;
  private final boolean onNewEnvironment;

  BegunImage(PlannedImage plan, Map<Platform, BaseManifest> below, boolean onNewEnvironment) {
    this.plan = plan;
    this.below = Collections.unmodifiableMap(new LinkedHashMap<>(below));
    this.onNewEnvironment = onNewEnvironment;
  }

  /** The image as it was planned. */
  public PlannedImage plan() {
    return plan;
  }

  /** The layers that it stands on, of all platforms. */
  public List<ComposedImage.Blob> layersBelow() {
    List<ComposedImage.Blob> layers = new ArrayList<>();
    below
        .values()
        .forEach(base -> base.layers().forEach(l -> layers.add(ComposedImage.Blob.of(l))));
    return layers;
  }

  /** What it stands on, by its platforms in their order. */
  Map<Platform, BaseManifest> below() {
    return below;
  }

  /** Whether an environment that it stands on is new. */
  boolean onNewEnvironment() {
    return onNewEnvironment;
  }
}
