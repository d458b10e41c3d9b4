package dev.imagespec.runtime.report;

import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.HostedEnvironment;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes images apart into what they share. Of an image with several platforms it shows the layers
 * of the first.
 *
 * <p>The layers of a base are those of any image on it that has no environment; only where there is
 * none, its registry is asked.
 */
public final class Stacks {
  private final LayerReader reader;
  private final Map<HostedEnvironment, PlannedEnvironment> environments;
  private final PayloadParts payloads = new PayloadParts();
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final Map<String, List<String>> byTask = new HashMap<>();

  /**
   * A place for stacks.
   *
   * @param environments what is known of environments of images that do not exist
   */
  public Stacks(LayerReader reader, Map<HostedEnvironment, PlannedEnvironment> environments) {
    this.reader = reader;
    this.environments = Map.copyOf(environments);
  }

  /** The parts of all stacks so far, by id. */
  public Map<String, Part> parts() {
    return Map.copyOf(parts);
  }

  /**
   * Takes images apart.
   *
   * @param wanted images, bases before images based on them
   * @param workers threads for requests
   */
  public List<Stack> of(List<Stack.Wanted> wanted, Workers workers) {
    List<Stack.Found> found =
        workers.map(wanted, image -> new Stack.Found(image.image(), reader.layers(image)));
    found.forEach(this::learnBase);
    return found.stream().map(this::stack).toList();
  }

  /** The layers below the payload of an image without an environment are its base's. */
  private void learnBase(Stack.Found image) {
    Platform platform = platform(image.image());
    if (image.image().spec().base() instanceof Base.Registered base
        && image.image().environments().isEmpty()
        && image.layers() instanceof Attempt.Done<Optional<List<Part.Layer>>> done) {
      done.value()
          .map(layers -> belowPayload(image.image(), layers))
          .filter(layers -> !layers.isEmpty())
          .ifPresent(layers -> parts.putIfAbsent(id(base, platform), part(base, platform, layers)));
    }
  }

  private Stack stack(Stack.Found found) {
    PlannedImage image = found.image();
    List<Part.Layer> layers = List.of();
    String note = "";
    if (found.layers() instanceof Attempt.Failed<?> failed) {
      note = "Its layers are not known: " + failed.cause().getMessage();
    } else {
      layers = found.layers().get().orElse(List.of());
    }
    List<String> ids = new ArrayList<>(base(image));
    environment(image, ids, belowPayload(image, layers)).ifPresent(ids::add);
    List<Layer> payload = image.spec().draft().layers();
    int first = layers.size() - payload.size();
    for (int i = 0; i < payload.size(); i++) {
      Part part = payloads.part(payload.get(i));
      List<Part.Layer> stored = first < 0 ? List.of() : List.of(layers.get(first + i));
      Part known = parts.getOrDefault(part.id(), part);
      parts.put(part.id(), known.isStored() || stored.isEmpty() ? known : known.with(stored));
      ids.add(part.id());
    }
    image.tasks().forEach(task -> byTask.put(task, List.copyOf(ids)));
    return new Stack(image, ids, note);
  }

  private static Platform platform(PlannedImage image) {
    return image.spec().base().platforms().first();
  }

  private static List<Part.Layer> belowPayload(PlannedImage image, List<Part.Layer> layers) {
    return layers.subList(0, Math.max(0, layers.size() - image.spec().draft().layers().size()));
  }

  /** The parts of what an image stands on, without its environment. */
  private List<String> base(PlannedImage image) {
    if (image.spec().base() instanceof Base.OfTask other) {
      return byTask.getOrDefault(other.task(), List.of());
    }
    if (image.spec().base() instanceof Base.Registered base) {
      Platform platform = platform(image);
      Part known = parts.computeIfAbsent(id(base, platform), id -> read(base, platform));
      return List.of(known.id());
    }
    return List.of();
  }

  private static String id(Base.Registered base, Platform platform) {
    return "base " + base.identity(platform);
  }

  private Part read(Base.Registered base, Platform platform) {
    Attempt<List<Part.Layer>> layers = reader.layers(base, platform);
    if (layers instanceof Attempt.Failed<List<Part.Layer>> failed) {
      return part(base, platform, List.of())
          .with("Its layers are not known: " + failed.cause().getMessage());
    }
    return part(base, platform, layers.get());
  }

  private static Part part(Base.Registered base, Platform platform, List<Part.Layer> layers) {
    return new Part(
        id(base, platform),
        Part.Kind.BASE,
        base.name(),
        base.source().image(base.manifest(platform)).toString(),
        layers,
        Part.Content.NONE,
        List.of(),
        "");
  }

  /**
   * The part that an image's steps add to its base.
   *
   * @param below ids of the parts below
   * @param lower the layers below the payload; empty if they are not known
   */
  private Optional<String> environment(
      PlannedImage image, List<String> below, List<Part.Layer> lower) {
    HostedEnvironment hosted = image.environments().get(platform(image));
    if (hosted == null) {
      return Optional.empty();
    }
    String tag = hosted.environment().tag();
    String id = Part.ofEnvironment(hosted);
    Part known = parts.get(id);
    if (known == null || !known.isStored()) {
      parts.put(id, environment(id, tag, image, below, lower));
    }
    return Optional.of(id);
  }

  private Part environment(
      String id, String tag, PlannedImage image, List<String> below, List<Part.Layer> lower) {
    PlannedEnvironment planned = environments.get(image.environments().get(platform(image)));
    Repository repository = planned == null ? image.repository() : planned.repository();
    Part part =
        new Part(
            id,
            Part.Kind.ENVIRONMENT,
            tag,
            repository + ":" + tag,
            List.of(),
            Part.Content.NONE,
            StepTexts.of(image.spec().draft().manifest()),
            "");
    if (!lower.isEmpty()) {
      return above(below, lower, part);
    }
    if (planned == null || planned.existing().isEmpty()) {
      return part.with("It will be built; how large it gets is not known before.");
    }
    RawManifest existing = planned.existing().get();
    Attempt<List<Part.Layer>> layers = reader.layers(repository, existing, platform(image));
    return layers instanceof Attempt.Failed<List<Part.Layer>> failed
        ? part.with("Its layers are not known: " + failed.cause().getMessage())
        : above(below, layers.get(), part);
  }

  /** An environment with those of its layers that are not its base's. */
  private Part above(List<String> below, List<Part.Layer> all, Part part) {
    int count = 0;
    for (String id : below) {
      Part base = parts.get(id);
      if (base == null || !base.isStored()) {
        return part.with("Which of its layers are its base's is not known.");
      }
      count += base.layers().size();
    }
    return count > all.size()
        ? part.with("It has fewer layers than its base.")
        : part.with(all.subList(count, all.size()));
  }
}
