package dev.imagespec.runtime.record;

import dev.imagespec.json.Fields;
import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.runtime.resolve.ImageInputs;
import dev.imagespec.runtime.resolve.LayerInputs;
import dev.imagespec.runtime.resolve.StepInputs;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The part of a record that says what its images are made from: {@code images} by fingerprint, and
 * {@code layers}, each list of files once, by its layer's identity.
 */
public final class RecordedInputs {
  /** How many characters the part has at most: task code reads the record, too. */
  private static final int MOST = 4 << 20;

  private static final String IMAGES = "images";
  private static final String LAYERS = "layers";

  private final Map<String, Object> images;
  private final Map<String, Object> layers;
  private final Map<Digest, LayerInputs> read = new HashMap<>();

  private RecordedInputs(Map<String, Object> images, Map<String, Object> layers) {
    this.images = images;
    this.layers = layers;
  }

  /**
   * The part as JSON. If it would be too large, lists of files are left out, the longest first, and
   * then images.
   *
   * @param inputs what images are made from, by their fingerprints
   */
  public static Map<String, Object> toJson(Map<String, ImageInputs> inputs) {
    return toJson(inputs, MOST);
  }

  static Map<String, Object> toJson(Map<String, ImageInputs> inputs, int most) {
    int left = most;
    Map<String, Object> images = new TreeMap<>();
    Map<String, LayerInputs> distinct = new TreeMap<>();
    for (Map.Entry<String, ImageInputs> image : new TreeMap<>(inputs).entrySet()) {
      Map<String, Object> json = image.getValue().toJson();
      left -= Json.canonical(json).length();
      if (left < 0) {
        break;
      }
      images.put(image.getKey(), json);
      image.getValue().lists().forEach(layer -> distinct.put(layer.digest().toString(), layer));
    }
    Map<String, Object> layers = new TreeMap<>();
    List<LayerInputs> shortestFirst =
        distinct.values().stream().sorted(Comparator.comparingInt(RecordedInputs::files)).toList();
    for (LayerInputs layer : shortestFirst) {
      if (layer.length() > left) {
        break;
      }
      left -= (int) layer.length();
      layers.put(layer.digest().toString(), layer.toJson());
    }
    return Map.of(IMAGES, images, LAYERS, layers);
  }

  private static int files(LayerInputs layer) {
    return layer.list().map(Map::size).orElse(0);
  }

  /**
   * Reads the part.
   *
   * @param json the part; empty in the records of earlier releases
   * @throws IllegalArgumentException if it is none
   */
  public static RecordedInputs of(Map<String, Object> json) {
    Fields part = Fields.of(json, "inputs");
    return new RecordedInputs(part.object(IMAGES).members(), part.object(LAYERS).members());
  }

  /**
   * What an image is made from; empty if it is not recorded.
   *
   * @throws IllegalArgumentException if it is not in the form that it has to be in
   */
  public Optional<ImageInputs> get(String fingerprint) {
    return Optional.ofNullable(images.get(fingerprint))
        .map(json -> ImageInputs.parse(json, this::layer));
  }

  private LayerInputs layer(String name, Digest digest) {
    return read.computeIfAbsent(
        digest,
        key ->
            layers.containsKey(key.toString())
                ? LayerInputs.parse(name, key, Fields.of(layers, LAYERS).map(key.toString()))
                : new LayerInputs(name, key, null));
  }

  /** The same part with these images alone, and with their layers. */
  public static Map<String, Object> only(
      Map<String, Object> json, Collection<String> fingerprints) {
    RecordedInputs all = of(json);
    Map<String, Object> images = new TreeMap<>(all.images);
    images.keySet().retainAll(Set.copyOf(fingerprints));
    Set<String> used = new HashSet<>();
    for (Object image : images.values()) {
      Fields payload = Fields.of(image, IMAGES).object("payload");
      payload.list(LAYERS, layer -> used.add(Fields.of(layer, LAYERS).text("digest")));
      used.add(Fields.of(image, IMAGES).object("steps").text(StepInputs.FILES));
    }
    Map<String, Object> layers = new TreeMap<>(all.layers);
    layers.keySet().retainAll(used);
    return images.isEmpty() ? Map.of() : Map.of(IMAGES, images, LAYERS, layers);
  }
}
