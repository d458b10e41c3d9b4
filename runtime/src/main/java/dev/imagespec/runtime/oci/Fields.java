package dev.imagespec.runtime.oci;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The fields of a JSON object, each read as the type that it must have. {@code null} counts as
 * absent.
 *
 * @param node the object
 * @param path its path in the document, for messages; empty for the document itself
 */
record Fields(ObjectNode node, String path) {
  /** How many characters of another party's text a message quotes. */
  private static final int MAX_QUOTED = 100;

  /** The top-level fields of a document. */
  static Fields parse(byte[] document) throws InvalidDocumentException {
    try {
      if (JsonTree.read(document) instanceof ObjectNode object) {
        return new Fields(object, "");
      }
      throw new InvalidDocumentException("it is no JSON object");
    } catch (JsonProcessingException e) {
      // Not in the parser's words, which quote a part of a text: part of a secret is not masked.
      JsonLocation at = e.getLocation();
      throw new InvalidDocumentException(
          "it is no JSON"
              + (at == null
                  ? ""
                  : " in column " + at.getColumnNr() + " of line " + at.getLineNr()));
    } catch (IOException | NumberFormatException e) {
      // An exponent may be too large for a number.
      throw new InvalidDocumentException("it is no JSON: " + quoted(String.valueOf(e)), e);
    }
  }

  /** Serializes a document. */
  static byte[] bytes(ObjectNode document) {
    try {
      return Writer.JSON.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes can always be written", e);
    }
  }

  /** Only who writes documents needs a mapper, which is slow to make. */
  private static final class Writer {
    static final ObjectMapper JSON = new ObjectMapper();
  }

  /** Adds annotations to a document that is about to be written. */
  static void annotate(ObjectNode document, Map<String, String> annotations) {
    if (!annotations.isEmpty()) {
      ObjectNode object = document.putObject("annotations");
      new TreeMap<>(annotations).forEach(object::put);
    }
  }

  static ObjectNode newObject() {
    return JsonTree.newObject();
  }

  boolean has(String name) {
    return node.hasNonNull(name);
  }

  Optional<String> text(String name) throws InvalidDocumentException {
    if (!has(name)) {
      return Optional.empty();
    }
    return Optional.of(textOf(node.get(name), at(name)));
  }

  String requiredText(String name) throws InvalidDocumentException {
    return text(name).orElseThrow(() -> missing(name));
  }

  boolean flag(String name) throws InvalidDocumentException {
    JsonNode value = node.path(name);
    if (has(name) && !value.isBoolean()) {
      throw new InvalidDocumentException(at(name) + " is neither true nor false");
    }
    return value.asBoolean();
  }

  Digest digest(String name) throws InvalidDocumentException {
    return digestOf(requiredText(name), at(name));
  }

  /** A number of bytes. */
  long size(String name) throws InvalidDocumentException {
    if (!has(name)) {
      throw missing(name);
    }
    JsonNode value = node.get(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
      throw new InvalidDocumentException(
          at(name) + " is no number of bytes: " + quoted(value.toString()));
    }
    return value.asLong();
  }

  Optional<Fields> object(String name) throws InvalidDocumentException {
    if (!has(name)) {
      return Optional.empty();
    }
    return Optional.of(objectOf(node.get(name), at(name)));
  }

  Fields requiredObject(String name) throws InvalidDocumentException {
    return object(name).orElseThrow(() -> missing(name));
  }

  /** A list of objects; empty if it is absent. */
  List<Fields> objects(String name) throws InvalidDocumentException {
    List<Fields> objects = new ArrayList<>();
    for (JsonNode element : list(name)) {
      objects.add(objectOf(element, at(name) + "[" + objects.size() + "]"));
    }
    return List.copyOf(objects);
  }

  /** A list of texts; empty if it is absent. */
  List<String> texts(String name) throws InvalidDocumentException {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : list(name)) {
      texts.add(textOf(element, at(name) + "[" + texts.size() + "]"));
    }
    return List.copyOf(texts);
  }

  /** A list of digests; empty if it is absent. */
  List<Digest> digests(String name) throws InvalidDocumentException {
    List<Digest> digests = new ArrayList<>();
    for (String text : texts(name)) {
      digests.add(digestOf(text, at(name) + "[" + digests.size() + "]"));
    }
    return List.copyOf(digests);
  }

  /** Checks that an object, if present, contains only texts. */
  void requireTexts(String name) throws InvalidDocumentException {
    Optional<Fields> object = object(name);
    if (object.isPresent()) {
      for (Map.Entry<String, JsonNode> entry : object.get().node().properties()) {
        object.get().text(entry.getKey());
      }
    }
  }

  private ArrayNode list(String name) throws InvalidDocumentException {
    if (!has(name)) {
      return JsonTree.newArray();
    }
    if (node.get(name) instanceof ArrayNode array) {
      return array;
    }
    throw new InvalidDocumentException(at(name) + " is no list");
  }

  private static Fields objectOf(JsonNode value, String at) throws InvalidDocumentException {
    if (value instanceof ObjectNode object) {
      return new Fields(object, at);
    }
    throw new InvalidDocumentException(at + " is no object");
  }

  private static String textOf(JsonNode value, String at) throws InvalidDocumentException {
    if (!value.isTextual()) {
      throw new InvalidDocumentException(at + " is no text");
    }
    return value.asText();
  }

  private static Digest digestOf(String text, String at) throws InvalidDocumentException {
    try {
      return Digest.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidDocumentException(at + " is no SHA-256 digest: " + quoted(text), e);
    }
  }

  InvalidDocumentException missing(String name) {
    return new InvalidDocumentException(at(name) + " is missing");
  }

  String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** The start of a text, on one line. */
  static String quoted(String text) {
    String line = Printable.line(text);
    return line.length() <= MAX_QUOTED ? line : line.substring(0, MAX_QUOTED) + "…";
  }
}
