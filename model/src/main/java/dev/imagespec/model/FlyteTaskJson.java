package dev.imagespec.model;

import dev.imagespec.json.Fields;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The part {@code flyte} of a manifest's JSON form. */
final class FlyteTaskJson {
  private FlyteTaskJson() {}

  static Map<String, Object> of(FlyteTask task) {
    Map<String, Object> document = new TreeMap<>();
    ManifestJson.put(document, "project", task.project());
    ManifestJson.put(document, "domain", task.domain());
    ManifestJson.put(document, "name", task.name());
    ManifestJson.put(document, "version", task.version());
    ManifestJson.put(document, "inputs", task.inputs().stream().map(FlyteTaskJson::of).toList());
    ManifestJson.put(document, "outputs", task.outputs().stream().map(FlyteTaskJson::of).toList());
    ManifestJson.put(document, "requests", of(task.requests()));
    ManifestJson.put(document, "limits", of(task.limits()));
    ManifestJson.put(document, "retries", task.retries());
    ManifestJson.put(document, "timeout", task.timeout());
    ManifestJson.put(document, "interruptible", task.interruptible());
    Map<String, Object> cache = new TreeMap<>();
    ManifestJson.put(cache, "version", task.cache().version());
    ManifestJson.put(cache, "serialize", task.cache().serialize());
    ManifestJson.put(cache, "ignoreInputVars", task.cache().ignoreInputVars());
    ManifestJson.put(document, "cache", cache);
    return document;
  }

  private static Map<String, Object> of(FlyteTask.Variable variable) {
    Map<String, Object> document = new TreeMap<>();
    document.put("name", variable.name());
    document.put("type", variable.type().name());
    if (variable.shape() != FlyteTask.Shape.VALUE) {
      document.put("shape", variable.shape().name());
    }
    ManifestJson.put(document, "description", variable.description());
    return document;
  }

  private static Map<String, Object> of(FlyteTask.Resources resources) {
    Map<String, Object> document = new TreeMap<>();
    ManifestJson.put(document, "cpu", resources.cpu());
    ManifestJson.put(document, "memory", resources.memory());
    ManifestJson.put(document, "gpu", resources.gpu());
    ManifestJson.put(document, "ephemeralStorage", resources.ephemeralStorage());
    return document;
  }

  static FlyteTask parse(Fields fields) {
    FlyteTask task =
        new FlyteTask(
            fields.text("project"),
            fields.text("domain"),
            fields.text("name"),
            fields.text("version"),
            fields.list("inputs", FlyteTaskJson::variableOf),
            fields.list("outputs", FlyteTaskJson::outputOf),
            resourcesOf(fields.object("requests")),
            resourcesOf(fields.object("limits")),
            fields.number("retries"),
            fields.number("timeout"),
            fields.flag("interruptible"),
            cacheOf(fields.object("cache")));
    fields.end();
    if (!task.isSet()) {
      throw new IllegalArgumentException("flyte has no name");
    }
    return task;
  }

  private static FlyteTask.Variable variableOf(Object value) {
    Fields fields = Fields.of(value, "a variable of flyte");
    FlyteTask.Variable variable =
        new FlyteTask.Variable(
            fields.text("name"),
            constant(FlyteTask.Type.values(), fields.text("type"), "type"),
            shape(fields.text("shape")),
            fields.text("description"));
    fields.end();
    return variable;
  }

  private static FlyteTask.Variable outputOf(Object value) {
    FlyteTask.Variable output = variableOf(value);
    if (output.shape() != FlyteTask.Shape.VALUE) {
      throw new IllegalArgumentException("an output of flyte is one value, no list and no map");
    }
    return output;
  }

  private static FlyteTask.Shape shape(String text) {
    return text.isEmpty()
        ? FlyteTask.Shape.VALUE
        : constant(FlyteTask.Shape.values(), text, "shape");
  }

  private static <E extends Enum<E>> E constant(E[] constants, String text, String of) {
    return Arrays.stream(constants)
        .filter(constant -> constant.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a variable of flyte has the unknown "
                        + of
                        + " \""
                        + Printable.value(text)
                        + "\""));
  }

  private static FlyteTask.Resources resourcesOf(Fields fields) {
    FlyteTask.Resources resources =
        new FlyteTask.Resources(
            fields.text("cpu"),
            fields.text("memory"),
            fields.number("gpu"),
            fields.text("ephemeralStorage"));
    fields.end();
    return resources;
  }

  private static FlyteTask.Cache cacheOf(Fields fields) {
    List<String> ignored = fields.texts("ignoreInputVars");
    FlyteTask.Cache cache =
        new FlyteTask.Cache(fields.text("version"), fields.flag("serialize"), ignored);
    fields.end();
    return cache;
  }
}
