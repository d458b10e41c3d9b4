package dev.imagespec.runtime.report;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.plan.HostedEnvironment;
import dev.imagespec.runtime.work.Sizes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Layers that images have together or not at all, drawn once: those of a base, those that an
 * environment adds to it, or one layer of a payload.
 *
 * @param id equal for the same part in all images of a report
 * @param kind what it is
 * @param name the base's reference, the environment's tag, or the payload layer's name
 * @param place the repository that has it, and by which digest; empty for a layer of a payload
 * @param layers its layers, lowest first; empty if they are not known
 * @param content the files of a payload layer; else empty
 * @param steps what the steps of an environment do; else empty
 * @param note what else to say of it, in particular why its layers are not known; else empty
 */
public record Part(
    String id,
    Kind kind,
    String name,
    String place,
    List<Layer> layers,
    Content content,
    List<String> steps,
    String note) {
  public Part {
    layers = List.copyOf(layers);
    steps = List.copyOf(steps);
  }

  /**
   * The id of a payload layer.
   *
   * @param inputs the identity of its files
   */
  public static String ofPayload(String layer, Digest inputs) {
    return layer + " " + inputs;
  }

  /** The id of an environment. */
  public static String ofEnvironment(HostedEnvironment environment) {
    return "environment " + environment.registry() + " " + environment.environment().tag();
  }

  /** What a part is. */
  public enum Kind {
    BASE,
    ENVIRONMENT,
    DEPENDENCIES,
    SNAPSHOTS,
    RESOURCES,
    CLASSES,
    APPLICATION,
    FILES;

    /** The kind of a payload layer, which has the same name unless it is an application's. */
    static Kind ofPayload(String layer) {
      if (layer.startsWith(dev.imagespec.runtime.resolve.Layer.APPLICATION)) {
        return APPLICATION;
      }
      return valueOf(layer.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A layer.
   *
   * @param digest the digest of its compressed bytes; empty if it is not built yet
   * @param bytes its compressed size; of a layer that is not built yet the size of its files
   */
  public record Layer(Optional<Digest> digest, long bytes) {}

  /**
   * The files of a payload layer.
   *
   * @param count how many there are
   * @param bytes the sum of their sizes
   * @param largest the largest of them
   */
  public record Content(int count, long bytes, List<File> largest) {
    static final Content NONE = new Content(0, 0, List.of());

    public Content {
      largest = List.copyOf(largest);
    }
  }

  /**
   * A file of a layer.
   *
   * @param path its path in the image
   * @param bytes its size
   */
  public record File(String path, long bytes) {}

  /** The same part with its layers. */
  Part with(List<Layer> known) {
    return new Part(id, kind, name, place, known, content, steps, "");
  }

  /** The same part with a note. */
  Part with(String other) {
    return new Part(id, kind, name, place, layers, content, steps, other);
  }

  /** Whether its layers are known as a registry has them, compressed. */
  boolean isStored() {
    return !layers.isEmpty() && layers.stream().allMatch(layer -> layer.digest().isPresent());
  }

  /** The bytes of its layers. */
  long bytes() {
    return layers.stream().map(Layer::bytes).reduce(0L, Sizes::sum);
  }
}
