package dev.imagespec.runtime.run;

import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.resolve.ImageInputs;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerInputs;
import dev.imagespec.runtime.resolve.LockFile;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** What the images of a registration are made from. Each layer is read once, and each image. */
final class PlannedInputs {
  private final LockFile lock;
  private final IdentityHashMap<Layer, LayerInputs> layers = new IdentityHashMap<>();
  private final Map<String, ImageInputs> images = new HashMap<>();

  PlannedInputs(LockFile lock) {
    this.lock = lock;
  }

  ImageInputs of(PlannedImage image) {
    return images.computeIfAbsent(
        image.fingerprint().toString(), key -> ImageInputs.of(image.spec(), lock, this::layer));
  }

  private LayerInputs layer(Layer layer) {
    return layers.computeIfAbsent(layer, LayerInputs::of);
  }
}
