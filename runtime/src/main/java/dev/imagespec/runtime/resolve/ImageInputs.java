package dev.imagespec.runtime.resolve;

import dev.imagespec.check.MaskedText;
import dev.imagespec.json.Fields;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What an image is made from, as a record and the history keep it: the members of the canonical
 * form, with names, digests and values, and with credentials masked.
 *
 * @param base the base's name, as in the canonical form
 * @param locked the day on which the lock got the base, or empty
 * @param platforms the base's identity for each platform
 * @param environments the digest of the environment for each platform
 * @param steps what the environment's steps do
 * @param layers the layers, lowest first, and then what a Dockerfile of the project reads
 * @param config what the image's configuration gets
 */
public record ImageInputs(
    String base,
    String locked,
    Map<String, String> platforms,
    Map<String, String> environments,
    StepInputs steps,
    List<LayerInputs> layers,
    PayloadConfig config) {
  /** The longest text that is kept; a longer one is kept by its digest. */
  static final int MOST = 2_000;

  public ImageInputs {
    platforms = Collections.unmodifiableMap(new TreeMap<>(platforms));
    environments = Collections.unmodifiableMap(new TreeMap<>(environments));
    layers = List.copyOf(layers);
  }

  /**
   * What a resolved spec's image is made from.
   *
   * @param lock the lock that has its base
   * @param layers what is kept of a layer; many specs have the same
   */
  public static ImageInputs of(
      ResolvedSpec spec, LockFile lock, Function<Layer, LayerInputs> layers) {
    Map<String, String> platforms = new TreeMap<>();
    for (Platform platform : spec.base().platforms()) {
      platforms.put(platform.toString(), spec.base().identity(platform));
    }
    Map<String, String> environments = new TreeMap<>();
    spec.environments()
        .forEach(
            (platform, environment) ->
                environments.put(platform.toString(), environment.digest().toString()));
    Optional<LockedBase> locked =
        spec.base() instanceof Base.Registered base ? lock.get(base.reference()) : Optional.empty();
    return new ImageInputs(
        spec.base().name(),
        locked.flatMap(LockedBase::day).map(Object::toString).orElse(""),
        platforms,
        environments,
        StepInputs.of(spec, layers),
        Stream.concat(
                spec.draft().layers().stream(), spec.draft().recipe().map(Recipe::context).stream())
            .map(layers)
            .toList(),
        masked(spec.draft().config()));
  }

  /** The layers, and the files that are in the environment before its steps run. */
  public List<LayerInputs> lists() {
    return Stream.concat(layers.stream(), steps.files().stream()).toList();
  }

  private static PayloadConfig masked(PayloadConfig config) {
    return new PayloadConfig(
        config.entrypoint().stream().map(ImageInputs::kept).toList(),
        config.args().stream().map(ImageInputs::kept).toList(),
        variables(config.env()),
        kept(config.labels()),
        config.ports(),
        config.volumes(),
        config.workingDirectory(),
        config.user(),
        variables(config.envPrepend()),
        config.stopSignal(),
        kept(config.annotations()),
        config.creationTime());
  }

  private static Map<String, String> kept(Map<String, String> labels) {
    Map<String, String> kept = new TreeMap<>();
    labels.forEach((key, value) -> kept.put(key, kept(value)));
    return kept;
  }

  private static Map<String, String> variables(Map<String, String> all) {
    Map<String, String> masked = new TreeMap<>();
    all.forEach((name, value) -> masked.put(name, bounded(MaskedText.ofVariable(name, value))));
    return masked;
  }

  private static String kept(String text) {
    return bounded(MaskedText.of(text));
  }

  static String bounded(String text) {
    return text.length() <= MOST
        ? text
        : Digest.of(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** The JSON form, which has the layers by name and identity alone. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new TreeMap<>();
    Map<String, Object> from = new TreeMap<>(Map.of("name", base, "platforms", platforms));
    if (!locked.isEmpty()) {
      from.put("locked", locked);
    }
    json.put("format", (long) Fingerprint.FORMAT);
    json.put("base", from);
    json.put("environment", environments);
    if (!environments.isEmpty()) {
      json.put("steps", steps.toJson());
    }
    Map<String, Object> payload = config.toJson();
    payload.put(
        "layers",
        layers.stream()
            .map(layer -> Map.of("name", layer.name(), "digest", layer.digest().toString()))
            .toList());
    json.put("payload", payload);
    return json;
  }

  /**
   * Reads the JSON form. Members that a later release may have added are passed over.
   *
   * @param layers the list of a layer's files, by the layer's name and identity
   * @throws IllegalArgumentException if it is none
   */
  public static ImageInputs parse(Object json, Lists layers) {
    Fields image = Fields.of(json, "inputs");
    Fields base = image.object("base");
    Fields payload = image.object("payload");
    return new ImageInputs(
        base.text("name"),
        base.text("locked"),
        base.map("platforms"),
        image.map("environment"),
        StepInputs.of(image.object("steps"), layers),
        payload.list("layers", layer -> layer(Fields.of(layer, "layers"), layers)),
        new PayloadConfig(
            payload.texts("entrypoint"),
            payload.texts("args"),
            payload.map("env"),
            payload.map("labels"),
            new TreeSet<>(payload.texts("ports")),
            new TreeSet<>(payload.texts("volumes")),
            payload.text("workingDirectory"),
            payload.text("user"),
            payload.map("envPrepend"),
            payload.text("stopSignal"),
            payload.map("annotations"),
            payload.text("creationTime")));
  }

  /** Finds the list of a layer's files. */
  public interface Lists {
    /** The layer with its files, or with its identity alone if they are not known. */
    LayerInputs get(String name, Digest digest);
  }

  private static LayerInputs layer(Fields layer, Lists layers) {
    return layers.get(layer.text("name"), Digest.parse(layer.text("digest")));
  }
}
