package dev.imagespec.runtime.oci;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Digest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Changes a copy of an {@link ImageConfig}. What is not set stays as it was. */
public final class ImageConfigBuilder {
  private static final String COMMAND = "Cmd";
  private static final String WORKING_DIRECTORY = "WorkingDir";

  /** The fields of the OCI image specification, without those that say who built it and when. */
  private static final Set<String> STANDARD =
      Set.of(
          "architecture",
          "os",
          "os.version",
          "os.features",
          "variant",
          ImageConfig.CONFIG,
          ImageConfig.ROOTFS,
          ImageConfig.HISTORY);

  private static final Set<String> STANDARD_CONFIG =
      Set.of(
          ImageConfig.USER,
          ImageConfig.PORTS,
          ImageConfig.ENV,
          "Entrypoint",
          COMMAND,
          ImageConfig.VOLUMES,
          WORKING_DIRECTORY,
          ImageConfig.LABELS,
          "StopSignal");

  private final ImageConfig original;
  private final ObjectNode document;

  ImageConfigBuilder(ImageConfig original) {
    this.original = original;
    this.document = original.toJson();
    // What is null is absent, and not everybody reads it so.
    document.properties().removeIf(field -> field.getValue().isNull());
    if (!original.hasFullHistory()) {
      // The history is optional, and one that does not match the layers is useless.
      document.remove(ImageConfig.HISTORY);
    }
  }

  /** Sets when the image was built. */
  public ImageConfigBuilder created(Instant time) {
    document.put(ImageConfig.CREATED, time.toString());
    return this;
  }

  /**
   * Sets the program and its fixed arguments. Removes the default arguments, which were meant for
   * another program.
   */
  public ImageConfigBuilder entrypoint(List<String> words) {
    words.forEach(config().putArray("Entrypoint")::add);
    config().remove(COMMAND);
    return this;
  }

  /** Sets the default arguments. */
  public ImageConfigBuilder command(List<String> words) {
    words.forEach(config().putArray(COMMAND)::add);
    return this;
  }

  public ImageConfigBuilder user(String user) {
    config().put(ImageConfig.USER, user);
    return this;
  }

  /** Sets the signal that asks the program to end. */
  public ImageConfigBuilder stopSignal(String signal) {
    config().put("StopSignal", signal);
    return this;
  }

  public ImageConfigBuilder workingDirectory(String path) {
    config().put(WORKING_DIRECTORY, path);
    return this;
  }

  /** Adds a port, as {@code port/protocol}. */
  public ImageConfigBuilder port(String port) {
    object(config(), ImageConfig.PORTS).putObject(port);
    return this;
  }

  /** Adds a mount point. */
  public ImageConfigBuilder volume(String path) {
    object(config(), ImageConfig.VOLUMES).putObject(path);
    return this;
  }

  /** Sets a label; other labels stay. */
  public ImageConfigBuilder label(String key, String value) {
    object(config(), ImageConfig.LABELS).put(key, value);
    return this;
  }

  /**
   * Sets environment variables. Existing ones keep their place; new ones follow in the given order.
   */
  public ImageConfigBuilder env(Map<String, String> variables) {
    if (variables.isEmpty()) {
      return this;
    }
    Map<String, String> all = new LinkedHashMap<>(original.env());
    variables.forEach((name, value) -> all.put(name, name + "=" + value));
    all.values().forEach(config().putArray(ImageConfig.ENV)::add);
    return this;
  }

  /**
   * Adds a layer on top.
   *
   * @param diffId the digest of its uncompressed tar
   * @param created when it was built, for the history
   * @param comment what it contains, for the history
   */
  public ImageConfigBuilder layer(Digest diffId, Instant created, String comment) {
    ObjectNode rootfs = object(document, ImageConfig.ROOTFS);
    ArrayNode diffIds =
        rootfs.get(ImageConfig.DIFF_IDS) instanceof ArrayNode there
            ? there
            : rootfs.put("type", "layers").putArray(ImageConfig.DIFF_IDS);
    diffIds.add(diffId.toString());
    if (document.get(ImageConfig.HISTORY) instanceof ArrayNode history) {
      history
          .addObject()
          .put(ImageConfig.CREATED, created.toString())
          .put("created_by", "imagespec")
          .put("comment", comment);
    }
    return this;
  }

  /**
   * Removes what OCI does not define, or what says nothing, so that it does not matter which engine
   * wrote the configuration.
   */
  public ImageConfigBuilder standard() {
    document.properties().removeIf(field -> !STANDARD.contains(field.getKey()));
    config()
        .properties()
        .removeIf(
            field ->
                !STANDARD_CONFIG.contains(field.getKey())
                    || field.getValue().isNull()
                    || (field.getValue().isContainerNode() && field.getValue().isEmpty())
                    || (field.getValue().isTextual() && field.getValue().asText().isEmpty()));
    if (config().path(WORKING_DIRECTORY).asText().equals("/")) {
      config().remove(WORKING_DIRECTORY);
    }
    return this;
  }

  /** Replaces the layers and the history with those of another image. */
  public ImageConfigBuilder layersOf(ImageConfig other) {
    ObjectNode from = other.toJson();
    if (from.hasNonNull(ImageConfig.ROOTFS)) {
      document.set(ImageConfig.ROOTFS, from.get(ImageConfig.ROOTFS));
    } else {
      document.remove(ImageConfig.ROOTFS);
    }
    document.remove(ImageConfig.HISTORY);
    if (from.hasNonNull(ImageConfig.HISTORY)) {
      document.set(ImageConfig.HISTORY, from.get(ImageConfig.HISTORY));
    }
    return this;
  }

  /** Says that it has layers of the usual type, also if there are none: runtimes want it said. */
  public ImageConfigBuilder completeLayers() {
    ObjectNode rootfs = object(document, ImageConfig.ROOTFS);
    rootfs.put("type", "layers");
    if (!(rootfs.get(ImageConfig.DIFF_IDS) instanceof ArrayNode)) {
      rootfs.putArray(ImageConfig.DIFF_IDS);
    }
    return this;
  }

  public ImageConfig build() {
    return ImageConfig.of(document.deepCopy());
  }

  private ObjectNode config() {
    return object(document, ImageConfig.CONFIG);
  }

  private static ObjectNode object(ObjectNode parent, String key) {
    return parent.get(key) instanceof ObjectNode object ? object : parent.putObject(key);
  }
}
