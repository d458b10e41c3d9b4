package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.registrar.definition.Difference;
import java.util.List;
import java.util.Map;

/** How a task template differs from the one that Flyte has. */
final class Changes {
  private Changes() {}

  /** Whatever differs, a line each; what Flyte has in addition is taken away. */
  static List<String> all(ObjectNode there, ObjectNode wanted) {
    return Difference.between(there, without(there, wanted));
  }

  /**
   * Whatever is wanted and is not there, a line each. What Flyte has in addition is its own
   * addition.
   */
  static List<String> missing(ObjectNode there, ObjectNode wanted) {
    return Difference.between(there, wanted);
  }

  /** What is wanted, with an explicit null for each field that only the other one has. */
  private static JsonNode without(JsonNode there, JsonNode wanted) {
    if (there instanceof ObjectNode old && wanted instanceof ObjectNode object) {
      ObjectNode result = object.objectNode();
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        result.set(field.getKey(), without(old.path(field.getKey()), field.getValue()));
      }
      old.fieldNames()
          .forEachRemaining(
              name -> {
                if (!object.has(name)) {
                  result.putNull(name);
                }
              });
      return result;
    }
    if (there instanceof ArrayNode old && wanted instanceof ArrayNode list) {
      ArrayNode result = list.arrayNode();
      for (int i = 0; i < list.size(); i++) {
        result.add(without(old.path(i), list.get(i)));
      }
      return result;
    }
    return wanted;
  }
}
