package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** What Flyte demands of a template, beyond known fields. */
final class Required {
  private static final JsonPointer ROOT = JsonPointer.empty();

  private Required() {}

  /**
   * Something that is missing.
   *
   * @param problem what, and the next step
   */
  record Missing(JsonPointer at, String problem) {}

  /** What a template lacks. */
  static Optional<Missing> missing(ObjectNode template, Api api) {
    if (template.path("type").asText().isEmpty()) {
      return Optional.of(
          new Missing(
              ROOT,
              "the template has no type; the type of a container that knows nothing of Flyte is"
                  + " raw-container"));
    }
    if (api == Api.FLYTE_2) {
      return Optional.empty();
    }
    JsonNode container = template.path("container");
    boolean hasVariables =
        List.of("inputs", "outputs").stream()
            .anyMatch(side -> !template.path("interface").path(side).path("variables").isEmpty());
    if (container.isObject()
        && hasVariables
        && container.path("command").isEmpty()
        && container.path("args").isEmpty()) {
      return Optional.of(
          new Missing(
              ROOT.appendProperty("container"),
              "Flyte 1 takes no container with inputs or outputs that has neither command nor args;"
                  + " write the image's command there"));
    }
    JsonNode runtime = template.path("metadata").path("runtime");
    return runtime.isObject() && runtime.path("version").asText().isEmpty()
        ? Optional.of(
            new Missing(
                ROOT.appendProperty("metadata").appendProperty("runtime"),
                "Flyte 1 takes no runtime without a version"))
        : Optional.empty();
  }

  /** A template with the messages that Flyte 1 demands even if they are empty. */
  static ObjectNode completed(ObjectNode template, Api api) {
    if (api == Api.FLYTE_1) {
      for (String message : List.of("metadata", "interface")) {
        if (!template.has(message)) {
          template.putObject(message);
        }
      }
    }
    return template;
  }
}
