package dev.imagespec.runtime.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Reads JSON into nodes, as {@code ObjectMapper.readTree} does, and keeps every number as it is
 * written. Loads 50 classes; a mapper has 400, and asks the JDK for the calendars of all languages,
 * which takes longer than all else in a run that only looks at one manifest.
 */
public final class JsonTree {
  private static final JsonFactory FACTORY = new JsonFactory();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonTree() {}

  /**
   * The tree of a document; what follows it is not read.
   *
   * @return a missing node if there is no document
   * @throws JsonProcessingException if it is no JSON; its message may quote the text
   * @throws NumberFormatException if an exponent is too large for a number
   */
  public static JsonNode read(byte[] document) throws IOException {
    try (JsonParser parser = FACTORY.createParser(document)) {
      return parser.nextToken() == null ? MissingNode.getInstance() : tree(parser);
    }
  }

  /** An object without members. */
  public static ObjectNode newObject() {
    return NODES.objectNode();
  }

  /** A list without elements. */
  public static ArrayNode newArray() {
    return NODES.arrayNode();
  }

  /**
   * The value that begins with the current token. Calls itself for no value in a value: how deep
   * those are is not ours to say, and how much stack there is neither.
   */
  private static JsonNode tree(JsonParser parser) throws IOException {
    Deque<JsonNode> open = new ArrayDeque<>();
    String name = "";
    for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
      if (token == JsonToken.FIELD_NAME) {
        name = parser.currentName();
      } else if (token.isStructEnd()) {
        JsonNode whole = open.pop();
        if (open.isEmpty()) {
          return whole;
        }
      } else {
        JsonNode value = value(token, parser);
        if (open.peek() instanceof ObjectNode object) {
          object.set(name, value);
        } else if (open.peek() instanceof ArrayNode array) {
          array.add(value);
        }
        if (token.isStructStart()) {
          open.push(value);
        } else if (open.isEmpty()) {
          return value;
        }
      }
    }
  }

  /** A value, empty if others are to come into it. */
  private static JsonNode value(JsonToken token, JsonParser parser) throws IOException {
    return switch (token) {
      case START_OBJECT -> NODES.objectNode();
      case START_ARRAY -> NODES.arrayNode();
      case VALUE_STRING -> NODES.textNode(parser.getText());
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      default -> NODES.nullNode();
    };
  }

  private static JsonNode integer(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT -> NODES.numberNode(parser.getIntValue());
      case LONG -> NODES.numberNode(parser.getLongValue());
      default -> NODES.numberNode(parser.getBigIntegerValue());
    };
  }
}
