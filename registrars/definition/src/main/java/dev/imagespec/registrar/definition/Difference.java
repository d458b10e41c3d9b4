package dev.imagespec.registrar.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.imagespec.check.MaskedText;
import dev.imagespec.model.Printable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How what would be sent differs from what is there. Fields that only what is there has are the
 * platform's own defaults, and no difference; elements of lists are one.
 */
public final class Difference {
  /** Fields whose values are often secrets: only that they change is said. */
  private static final Pattern SECRET =
      Pattern.compile(
          "env|.*(?:environment|variables|secret|passw|passphrase|token|credential"
              + "|(?:api|license|shared|private|access)[-_]?key).*");

  private static final int MOST_LINES = 40;
  private static final int LONGEST = 200;

  private final List<String> lines = new ArrayList<>();

  private Difference() {}

  /**
   * The differences, such as {@code containerDefinitions[web].image: "a" → "b"}; a line each, and
   * not more than a screen.
   *
   * @param there what the platform has
   * @param wanted what would be sent
   */
  public static List<String> between(JsonNode there, JsonNode wanted) {
    Difference difference = new Difference();
    difference.compare("", there, wanted, false);
    List<String> lines = difference.lines;
    if (lines.size() <= MOST_LINES) {
      return List.copyOf(lines);
    }
    List<String> shortened = new ArrayList<>(lines.subList(0, MOST_LINES));
    shortened.add("and " + (lines.size() - MOST_LINES) + " more");
    return List.copyOf(shortened);
  }

  private void compare(String at, JsonNode there, JsonNode wanted, boolean isSecret) {
    if (isNothing(there) && isNothing(wanted)) {
      return;
    }
    if (wanted instanceof ObjectNode object && there.isObject()) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        String name = field.getKey();
        compare(
            at.isEmpty() ? name : at + "." + name,
            there.path(name),
            field.getValue(),
            isSecret || isSecret(object, name) || isSecret(there, name));
      }
    } else if (wanted instanceof ArrayNode list && there instanceof ArrayNode old) {
      compare(at, old, list, isSecret);
    } else if (!isSame(there, wanted)) {
      lines.add(Printable.value(at) + ": " + change(there, wanted, isSecret));
    }
  }

  private void compare(String at, ArrayNode there, ArrayNode wanted, boolean isSecret) {
    Optional<Map<String, JsonNode>> named = byName(wanted);
    Optional<Map<String, JsonNode>> old = byName(there);
    Map<String, JsonNode> now =
        named.isPresent() && old.isPresent() ? named.get() : byIndex(wanted);
    Map<String, JsonNode> before =
        named.isPresent() && old.isPresent() ? old.get() : byIndex(there);
    now.forEach(
        (key, value) ->
            compare(
                at + "[" + key + "]",
                before.getOrDefault(key, MissingNode.getInstance()),
                value,
                isSecret));
    before.forEach(
        (key, value) -> {
          if (!now.containsKey(key)) {
            compare(at + "[" + key + "]", value, MissingNode.getInstance(), isSecret);
          }
        });
  }

  /** The elements by their names, if each has one of its own. */
  private static Optional<Map<String, JsonNode>> byName(ArrayNode list) {
    Map<String, JsonNode> named = new LinkedHashMap<>();
    for (JsonNode element : list) {
      JsonNode name = element.path("name");
      if (!name.isTextual() || named.containsKey(name.textValue())) {
        return Optional.empty();
      }
      named.put(name.textValue(), element);
    }
    return Optional.of(named);
  }

  private static Map<String, JsonNode> byIndex(ArrayNode list) {
    Map<String, JsonNode> indexed = new LinkedHashMap<>();
    Iterator<JsonNode> elements = list.elements();
    while (elements.hasNext()) {
      indexed.put(String.valueOf(indexed.size()), elements.next());
    }
    return indexed;
  }

  private static boolean isNothing(JsonNode value) {
    return value.isMissingNode() || value.isNull() || (value.isContainerNode() && value.isEmpty());
  }

  private static boolean isSame(JsonNode one, JsonNode other) {
    return (one.isNumber() && other.isNumber())
        ? one.decimalValue().compareTo(other.decimalValue()) == 0
        : one.equals(other);
  }

  private static String change(JsonNode there, JsonNode wanted, boolean isSecret) {
    if (isNothing(wanted)) {
      return isSecret ? "is taken away" : shown(there) + " is taken away";
    }
    if (isNothing(there)) {
      return isSecret ? "is added" : shown(wanted) + " is added";
    }
    return isSecret ? "changes" : shown(there) + " → " + shown(wanted);
  }

  private static String shown(JsonNode value) {
    return Printable.value(Printable.start(masked(value).toString(), LONGEST));
  }

  /** A value without what is often secret in it. */
  private static JsonNode masked(JsonNode value) {
    if (value instanceof ObjectNode object) {
      ObjectNode masked = object.objectNode();
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        if (isSecret(object, field.getKey())) {
          masked.put(field.getKey(), "…");
        } else {
          masked.set(field.getKey(), masked(field.getValue()));
        }
      }
      return masked;
    }
    if (value instanceof ArrayNode list) {
      ArrayNode masked = list.arrayNode();
      list.forEach(element -> masked.add(masked(element)));
      return masked;
    }
    return value.isTextual() ? TextNode.valueOf(MaskedText.of(value.textValue())) : value;
  }

  /**
   * Whether a field, or the pair of name and value that it is a part of, is called as secrets are.
   */
  private static boolean isSecret(JsonNode object, String field) {
    String name =
        field.equalsIgnoreCase("value")
            ? object.path("name").asText(object.path("key").asText(field))
            : field;
    return SECRET.matcher(name.toLowerCase(Locale.ROOT)).matches()
        || MaskedText.ofVariable(name, object.path(field).asText()).equals(MaskedText.MASK);
  }
}
