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
      return parser.nextToken() == null ? MissingNode.getInstance() : value(parser);
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

  /** The value that begins with the current token. The parser limits how deep values are nested. */
  private static JsonNode value(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT:
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          parser.nextToken();
          object.set(name, value(parser));
        }
        return object;
      case START_ARRAY:
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        return array;
      case VALUE_STRING:
        return NODES.textNode(parser.getText());
      case VALUE_NUMBER_INT:
        return integer(parser);
      case VALUE_NUMBER_FLOAT:
        return NODES.numberNode(parser.getDecimalValue());
      case VALUE_TRUE:
        return NODES.booleanNode(true);
      case VALUE_FALSE:
        return NODES.booleanNode(false);
      default:
        return NODES.nullNode();
    }
  }

  private static JsonNode integer(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT -> NODES.numberNode(parser.getIntValue());
      case LONG -> NODES.numberNode(parser.getLongValue());
      default -> NODES.numberNode(parser.getBigIntegerValue());
    };
  }
}
