package dev.imagespec.runtime;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a registration would do.
 *
 * @param images the images, bases before images based on them, else in the order of their first
 *     task
 * @param definitions what task registrars would do
 * @param failures tasks whose image cannot be planned, and registrars that cannot say what they
 *     would do
 */
public record Plan(List<Image> images, List<Definition> definitions, List<Failure> failures) {
  public Plan {
    images = List.copyOf(images);
    definitions = List.copyOf(definitions);
    failures = List.copyOf(failures);
  }

  /** Whether a registration would build anything, or register a task anew. */
  public boolean hasWork() {
    return images.stream().anyMatch(image -> image.action() == Action.BUILD)
        || definitions.stream()
            .anyMatch(definition -> definition.action() == TaskRegistrar.Action.REGISTERED);
  }

  /** About how many bytes would travel, before compression: see {@link Transfer#SENT}. */
  public long bytes() {
    return images.stream().mapToLong(Image::bytes).sum();
  }

  /** The layers that several images have, with these images; the largest layers first. */
  public Map<Layer, List<Image>> shared() {
    Map<Digest, Layer> layers = new LinkedHashMap<>();
    Map<Digest, List<Image>> users = new LinkedHashMap<>();
    for (Image image : images) {
      for (Layer layer : image.layers()) {
        layers.putIfAbsent(layer.inputs(), layer);
        users.computeIfAbsent(layer.inputs(), key -> new ArrayList<>()).add(image);
      }
    }
    Map<Layer, List<Image>> shared = new LinkedHashMap<>();
    layers.values().stream()
        .filter(layer -> users.getOrDefault(layer.inputs(), List.of()).size() > 1)
        .sorted((one, other) -> Long.compare(other.bytes(), one.bytes()))
        .forEach(layer -> shared.put(layer, List.copyOf(users.get(layer.inputs()))));
    return Collections.unmodifiableMap(shared);
  }

  /** The definitions for people: what would happen to each, and why. */
  public List<String> definitionLines() {
    return PlanText.ofDefinitions(this);
  }

  /** What the whole plan comes to, a line each, for people. */
  public List<String> summary() {
    return PlanText.summary(this);
  }

  /**
   * What a task registrar would do with a definition.
   *
   * @param registrar the registrar's name
   * @param definition the file or class that defines the task there
   * @param task the task class's binary name
   * @param action what would happen
   * @param changes how what would be sent differs from what is there, a line each
   */
  public record Definition(
      String registrar,
      String definition,
      String task,
      TaskRegistrar.Action action,
      List<String> changes) {
    public Definition {
      changes = List.copyOf(changes);
    }

    /** The definition for people: what would happen, and why. */
    public List<String> lines() {
      return PlanText.lines(this);
    }
  }

  /** What would happen to an image. */
  public enum Action {
    /** It would be built and pushed. */
    BUILD,
    /** It exists in its repository. */
    REUSE;

    /** Its name for people, which JSON documents use, too. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether a layer would travel. */
  public enum Transfer {
    /**
     * It would be built and sent with this image. A registry that has it from elsewhere may still
     * save that: the plan does not ask.
     */
    SENT,
    /** It would be sent with another image of the plan to the same registry. */
    SHARED,
    /** Its repository has it, in this image or in the one that a task was registered with last. */
    THERE;

    /** Its name for people, which JSON documents use, too. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A layer that a registration makes from the files of the project. The layers of the base and of
   * the environment are not among them.
   *
   * @param name what it has: {@code dependencies}, {@code snapshots}, {@code resources}, {@code
   *     classes} or {@code files}
   * @param inputs the identity of its files: equal layers have equal ones
   * @param files how many files it has
   * @param bytes the size of its files, before compression
   * @param transfer whether it would travel
   */
  public record Layer(String name, Digest inputs, int files, long bytes, Transfer transfer) {}

  /** What would happen to a further tag. */
  public enum TagAction {
    /** It names the image already. */
    KEEP,
    /** There is no such tag yet. */
    SET,
    /** It names another image, and would name this one. */
    MOVE
  }

  /**
   * A further tag of an image.
   *
   * @param name the tag
   * @param action what would happen to it
   */
  public record Tag(String name, TagAction action) {}

  /**
   * An image.
   *
   * @param repository its repository, with the registry
   * @param tag the tag, which contains its fingerprint
   * @param fingerprint 64 hex digits
   * @param reference the image by digest; empty if it does not exist yet
   * @param action what would happen
   * @param reasons why, one phrase each
   * @param digests the digest of each platform's manifest; empty if the image does not exist yet
   * @param tasks binary names of the task classes that run in it
   * @param base the base's reference in its normal form, {@code scratch}, or the task whose image
   *     is the base
   * @param environments the tag of the environment of each platform; empty if it has no steps
   * @param layers the layers on top of base and environment, lowest first
   * @param comparisons how it differs from what its tasks were registered with last: one for each
   *     image that some of them had
   * @param tags its further tags, and what would become of each
   */
  public record Image(
      String repository,
      String tag,
      String fingerprint,
      String reference,
      Action action,
      List<String> reasons,
      Map<Platform, Digest> digests,
      List<String> tasks,
      String base,
      Map<Platform, String> environments,
      List<Layer> layers,
      List<Comparison> comparisons,
      List<Tag> tags) {
    public Image {
      tags = List.copyOf(tags);
      digests = Collections.unmodifiableMap(new TreeMap<>(digests));
      reasons = List.copyOf(reasons);
      tasks = List.copyOf(tasks);
      environments = Collections.unmodifiableMap(new TreeMap<>(environments));
      layers = List.copyOf(layers);
      comparisons = List.copyOf(comparisons);
    }

    /** About how many bytes would travel for it, before compression. */
    public long bytes() {
      return layers.stream()
          .filter(layer -> layer.transfer() == Transfer.SENT)
          .mapToLong(Layer::bytes)
          .sum();
    }

    /** The image for people: what would happen, and why. */
    public List<String> lines() {
      return PlanText.lines(this);
    }
  }
}
