package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.FlyteTask;
import dev.imagespec.model.Manifest;
import java.util.List;

/**
 * The {@code TaskTemplate} that {@code @FlyteTask} means, in the JSON form of its message ({@code
 * flyteidl.core} of Flyte 1, {@code flyteidl2.core} of Flyte 2): a raw container whose inputs and
 * outputs Flyte's co-pilot moves.
 *
 * <p>It has no field with its default value, because servers leave those out of their answers: so
 * it can be compared with what a server has. It has no {@code id}, and nothing of a spec but the
 * command: variables are in the image, and secrets are for building it alone.
 */
final class FlyteTemplate {
  private static final String TYPE = "raw-container";

  /** Where {@code TaskIo} looks. */
  private static final String INPUTS = "/var/inputs";

  private static final String OUTPUTS = "/var/outputs";

  /**
   * The version of this form of a task. Flyte 1 wants one. It is not this project's release, with
   * which a task would change that nobody has changed.
   */
  private static final String RUNTIME_VERSION = "1";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final FlyteTask task;
  private final Api api;

  private FlyteTemplate(FlyteTask task, Api api) {
    this.task = task;
    this.api = api;
  }

  /**
   * The template of a task.
   *
   * @param manifest the manifest of a task of Flyte
   * @param image the reference of its image
   * @throws IllegalArgumentException if it is no task of Flyte
   */
  static ObjectNode of(Manifest manifest, String image, Api api) {
    if (!manifest.flyte().isSet()) {
      throw new IllegalArgumentException(manifest.task() + " has no @FlyteTask");
    }
    FlyteTemplate template = new FlyteTemplate(manifest.flyte(), api);
    ObjectNode json = JSON.objectNode().put("type", TYPE);
    json.set("metadata", template.metadata());
    json.set("interface", template.variables());
    json.set("container", template.container(manifest.payload(), image));
    return json;
  }

  private ObjectNode metadata() {
    ObjectNode metadata = JSON.objectNode();
    metadata.putObject("runtime").put("version", RUNTIME_VERSION).put("flavor", "java");
    if (task.timeout() > 0) {
      metadata.put("timeout", task.timeout() + "s");
    }
    if (task.retries() > 0) {
      metadata.putObject("retries").put("retries", task.retries());
    }
    if (task.interruptible()) {
      metadata.put("interruptible", true);
    }
    FlyteTask.Cache cache = task.cache();
    if (cache.isSet()) {
      metadata.put("discoverable", true).put("discoveryVersion", cache.version());
      if (cache.serialize()) {
        metadata.put("cacheSerializable", true);
      }
      if (!cache.ignoreInputVars().isEmpty()) {
        metadata.set("cacheIgnoreInputVars", texts(cache.ignoreInputVars()));
      }
    }
    return metadata;
  }

  /** Flyte 1 wants an interface, even an empty one. */
  private ObjectNode variables() {
    ObjectNode both = JSON.objectNode();
    if (!task.inputs().isEmpty()) {
      both.set("inputs", variables(task.inputs()));
    }
    if (!task.outputs().isEmpty()) {
      both.set("outputs", variables(task.outputs()));
    }
    return both;
  }

  private ObjectNode variables(List<FlyteTask.Variable> variables) {
    ObjectNode all = JSON.objectNode();
    if (api == Api.FLYTE_1) {
      ObjectNode map = all.putObject("variables");
      variables.forEach(variable -> map.set(variable.name(), variable(variable)));
    } else {
      ArrayNode list = all.putArray("variables");
      variables.forEach(
          variable ->
              list.addObject().put("key", variable.name()).set("value", variable(variable)));
    }
    return all;
  }

  private static ObjectNode variable(FlyteTask.Variable variable) {
    ObjectNode json = JSON.objectNode();
    ObjectNode type = type(variable.type());
    json.set(
        "type",
        switch (variable.shape()) {
          case VALUE -> type;
          case LIST -> JSON.objectNode().set("collectionType", type);
          case MAP -> JSON.objectNode().set("mapValueType", type);
        });
    if (!variable.description().isEmpty()) {
      json.put("description", variable.description());
    }
    return json;
  }

  private static ObjectNode type(FlyteTask.Type type) {
    ObjectNode json = JSON.objectNode();
    switch (type) {
      case FILE -> json.putObject("blob");
      case FOLDER -> json.putObject("blob").put("dimensionality", "MULTIPART");
      case INTEGER, FLOAT, STRING, BOOLEAN, DATETIME, DURATION -> json.put("simple", type.name());
    }
    return json;
  }

  private ObjectNode container(Manifest.Payload payload, String image) {
    ObjectNode container = JSON.objectNode().put("image", image);
    if (!payload.command().isEmpty()) {
      container.set("command", texts(payload.command()));
    }
    if (!payload.args().isEmpty()) {
      container.set("args", texts(payload.args()));
    }
    ObjectNode resources = JSON.objectNode();
    entries(resources, "requests", task.requests());
    entries(resources, "limits", task.limits());
    if (!resources.isEmpty()) {
      container.set("resources", resources);
    }
    // The format of inputs.json is the default, as are eager downloads and uploads at the end.
    container
        .putObject("dataConfig")
        .put("enabled", true)
        .put("inputPath", INPUTS)
        .put("outputPath", OUTPUTS);
    return container;
  }

  private static void entries(ObjectNode to, String name, FlyteTask.Resources resources) {
    ArrayNode entries = JSON.arrayNode();
    entry(entries, "CPU", resources.cpu());
    entry(entries, "GPU", resources.gpu() > 0 ? String.valueOf(resources.gpu()) : "");
    entry(entries, "MEMORY", resources.memory());
    entry(entries, "EPHEMERAL_STORAGE", resources.ephemeralStorage());
    if (!entries.isEmpty()) {
      to.set(name, entries);
    }
  }

  private static void entry(ArrayNode entries, String name, String value) {
    if (!value.isEmpty()) {
      entries.addObject().put("name", name).put("value", value);
    }
  }

  private static ArrayNode texts(List<String> texts) {
    ArrayNode array = JSON.arrayNode();
    texts.forEach(array::add);
    return array;
  }
}
