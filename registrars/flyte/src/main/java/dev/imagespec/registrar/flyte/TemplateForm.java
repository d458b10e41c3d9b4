package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Printable;
import dev.imagespec.model.Spelling;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gives a task template in proto-JSON the one form that is sent and compared: names as JSON has
 * them, no values that are defaults anyway, and the variables of a task in the form of the
 * interface.
 */
final class TemplateForm {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int SHOWN = 60;
  private static final JsonPointer ROOT = JsonPointer.empty();

  private final Api api;
  private final Messages messages;
  private final Values values;

  TemplateForm(Api api) {
    this.api = api;
    this.messages = Messages.of(api);
    this.values = new Values(messages);
  }

  /** What is to happen with something that is no template. */
  interface Complaints {
    /**
     * Takes note of it, or throws.
     *
     * @param at where it is in the template
     * @param what what is wrong there
     */
    void add(JsonPointer at, String what);
  }

  /**
   * The form of a template that people wrote.
   *
   * @param complaints told of whatever Flyte would refuse, or drop silently; throws
   */
  ObjectNode of(JsonNode template, Complaints complaints) {
    return new Reading(complaints).message(Messages.TEMPLATE, template, ROOT);
  }

  /** The form of a template from an answer of Flyte, without what this release does not know. */
  ObjectNode ofAnswer(JsonNode template) {
    return new Reading((at, what) -> {}).message(Messages.TEMPLATE, template, ROOT);
  }

  /** Goes through one template. */
  private final class Reading {
    private final Complaints complaints;

    Reading(Complaints complaints) {
      this.complaints = complaints;
    }

    ObjectNode message(String type, JsonNode value, JsonPointer at) {
      ObjectNode result = NODES.objectNode();
      if (!value.isObject()) {
        complaints.add(at, "Flyte's " + type + " is an object, not " + shown(value));
        return result;
      }
      Map<String, String> groups = new HashMap<>();
      Map<String, String> spellings = new HashMap<>();
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        String name = entry.getKey();
        JsonPointer place = at.appendProperty(name);
        Optional<Messages.Field> known = messages.field(type, name);
        if (known.isEmpty()) {
          complaints.add(place, unknown(type, name));
        } else if (!entry.getValue().isNull()) {
          Messages.Field field = known.orElseThrow();
          String twin = spellings.putIfAbsent(field.name(), name);
          if (twin != null) {
            complaints.add(place, name + " and " + twin + " are the same field; keep one");
            continue;
          }
          String other = field.oneof().map(group -> groups.putIfAbsent(group, name)).orElse(null);
          if (other != null) {
            complaints.add(place, type + " has " + other + " or " + name + ", not both");
          }
          field(field, entry.getValue(), place)
              .filter(one -> field.oneof().isPresent() || !isDefault(field, one))
              .ifPresent(one -> result.set(field.name(), one));
        }
      }
      return result;
    }

    private String unknown(String type, String name) {
      if (messages.elsewhere(type, name)) {
        return Printable.value(name)
            + " is a field of Flyte "
            + (api == Api.FLYTE_1 ? "2" : "1")
            + " alone, and imagespec.flyte.api is "
            + api.number();
      }
      return "Flyte's "
          + type
          + " has no field "
          + Printable.start(Printable.value(name), SHOWN)
          + Spelling.meant(name, messages.names(type).stream())
              .map(meant -> "; did you mean " + meant + "?")
              .orElse("; it has " + String.join(", ", messages.names(type)));
    }

    private Optional<JsonNode> field(Messages.Field field, JsonNode value, JsonPointer at) {
      if (field.name().equals("variables")) {
        return Optional.of(variables(field, value, at));
      }
      switch (field.shape()) {
        case ONE -> {
          return one(field.type(), value, at);
        }
        case LIST -> {
          ArrayNode list = NODES.arrayNode();
          if (!value.isArray()) {
            complaints.add(at, field.name() + " is a list, not " + shown(value));
          }
          for (int i = 0; value.isArray() && i < value.size(); i++) {
            one(field.type(), value.get(i), at.appendIndex(i)).ifPresent(list::add);
          }
          return Optional.of(list);
        }
        case MAP -> {
          ObjectNode map = NODES.objectNode();
          if (!value.isObject()) {
            complaints.add(at, field.name() + " is an object, not " + shown(value));
          }
          for (Map.Entry<String, JsonNode> entry : value.properties()) {
            one(field.type(), entry.getValue(), at.appendProperty(entry.getKey()))
                .ifPresent(one -> map.set(entry.getKey(), one));
          }
          return Optional.of(map);
        }
      }
      throw new AssertionError(field.shape());
    }

    /** A list of names and variables in Flyte 2, a map in Flyte 1: either is read. */
    private JsonNode variables(Messages.Field field, JsonNode value, JsonPointer at) {
      Map<String, JsonNode> read = api == Api.FLYTE_1 ? new TreeMap<>() : new LinkedHashMap<>();
      if (value.isObject()) {
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
          JsonPointer place = at.appendProperty(entry.getKey());
          read.put(entry.getKey(), message("Variable", entry.getValue(), place));
        }
      } else if (value.isArray()) {
        for (int i = 0; i < value.size(); i++) {
          JsonPointer place = at.appendIndex(i);
          JsonNode entry = value.get(i);
          for (Map.Entry<String, JsonNode> part : entry.properties()) {
            if (!part.getKey().equals("key") && !part.getKey().equals("value")) {
              complaints.add(
                  place.appendProperty(part.getKey()), "a variable of a list has key and value");
            }
          }
          String key = entry.path("key").asText();
          if (key.isEmpty() || read.containsKey(key)) {
            complaints.add(
                place, key.isEmpty() ? "this variable has no key" : "two variables are " + key);
          }
          JsonNode variable = entry.path("value");
          read.put(
              key,
              message(
                  "Variable",
                  variable.isMissingNode() ? NODES.objectNode() : variable,
                  place.appendProperty("value")));
        }
      } else {
        complaints.add(at, "variables are an object or a list, not " + shown(value));
      }
      if (field.shape() == Messages.Shape.MAP) {
        ObjectNode map = NODES.objectNode();
        read.forEach(map::set);
        return map;
      }
      ArrayNode list = NODES.arrayNode();
      read.forEach((key, variable) -> list.addObject().put("key", key).set("value", variable));
      return list;
    }

    private Optional<JsonNode> one(String type, JsonNode value, JsonPointer at) {
      if (messages.isMessage(type)) {
        return Optional.of(message(type, value, at));
      }
      Optional<JsonNode> result = values.of(type, value);
      if (result.isEmpty()) {
        complaints.add(at, values.expected(type, shown(value)));
      }
      return result;
    }

    private static String shown(JsonNode value) {
      return switch (value.getNodeType()) {
        case OBJECT, POJO -> "an object";
        case ARRAY -> "a list";
        case NULL, MISSING -> "null";
        default -> Printable.start(Printable.value(value.toString()), SHOWN);
      };
    }
  }

  private boolean isDefault(Messages.Field field, JsonNode value) {
    if (field.shape() != Messages.Shape.ONE) {
      return value.isEmpty();
    }
    return values.isDefault(field.type(), value);
  }
}
