package dev.imagespec.runtime.run;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Registry;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.record.LastRegistration;
import dev.imagespec.runtime.resolve.ImageInputs;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerInputs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which layers of the images of a plan would travel, as far as that can be said without a request.
 * Each is sent once to a registry.
 */
final class Transfers {
  private final PlannedInputs inputs;
  private final Comparing comparing;
  private final Map<Registry, Set<Digest>> sent = new HashMap<>();
  private final IdentityHashMap<Layer, Size> sizes = new IdentityHashMap<>();

  /** Of a layer, which many images may have. */
  private record Size(int files, long bytes) {
    static Size of(Layer layer) {
      return new Size(layer.files(), layer.bytes());
    }
  }

  Transfers(PlannedInputs inputs, Comparing comparing) {
    this.inputs = inputs;
    this.comparing = comparing;
  }

  /** The layers of the next image of the plan. */
  List<Plan.Layer> of(PlannedImage image) {
    Set<Digest> there = new HashSet<>();
    if (image.repositoryExists()) {
      for (Optional<LastRegistration> last : comparing.last(image).values()) {
        last.filter(before -> before.repository().equals(image.repository().toString()))
            .flatMap(LastRegistration::inputs)
            .map(ImageInputs::layers)
            .ifPresent(layers -> layers.forEach(layer -> there.add(layer.digest())));
      }
    }
    List<Layer> own = image.spec().draft().layers();
    List<LayerInputs> known = inputs.of(image).layers();
    List<Plan.Layer> layers = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      Layer layer = own.get(i);
      Digest digest = known.get(i).digest();
      Size size = sizes.computeIfAbsent(layer, Size::of);
      layers.add(
          new Plan.Layer(
              layer.name(), digest, size.files(), size.bytes(), transfer(image, digest, there)));
    }
    return List.copyOf(layers);
  }

  private Plan.Transfer transfer(PlannedImage image, Digest digest, Set<Digest> there) {
    if (image.existing().isPresent() || there.contains(digest)) {
      return Plan.Transfer.THERE;
    }
    boolean isFirst =
        sent.computeIfAbsent(image.repository().registry(), key -> new HashSet<>()).add(digest);
    return isFirst ? Plan.Transfer.SENT : Plan.Transfer.SHARED;
  }
}
