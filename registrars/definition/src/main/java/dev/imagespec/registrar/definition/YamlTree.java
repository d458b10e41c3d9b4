package dev.imagespec.registrar.definition;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Printable;
import dev.imagespec.registrar.definition.DefinitionFile.Place;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads a text of JSON, or of YAML 1.2 of the core schema, which JSON is a part of. Remembers where
 * each value is.
 */
final class YamlTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int DEEPEST = 100;
  private static final int LONGEST_NUMBER = 40;

  /** Aliases make few lines into many values. */
  private static final int MOST_VALUES = 100_000;

  private final String text;
  private final Map<JsonPointer, Place> places = new LinkedHashMap<>();

  YamlTree(String text) {
    this.text = text;
  }

  /** A text that cannot be read. */
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Optional<Place> place;
    private final String problem;

    Wrong(Optional<Place> place, String problem) {
      super(problem);
      this.place = place;
      this.problem = problem;
    }

    Optional<Place> place() {
      return place;
    }

    String problem() {
      return problem;
    }
  }

  /** Where each value is, in the order of the text. */
  Map<JsonPointer, Place> places() {
    return Collections.unmodifiableMap(places);
  }

  /** The value that the text has. */
  JsonNode read() throws Wrong {
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setUseMarks(true)
            .setAllowNonScalarKeys(true)
            .setCodePointLimit(Integer.MAX_VALUE)
            .build();
    try {
      Optional<Node> root =
          new Composer(settings, new BoundedParser(settings, text)).getSingleNode();
      if (root.isEmpty()) {
        throw new Wrong(Optional.empty(), "the file is empty");
      }
      return value(root.get(), JsonPointer.empty(), 0);
    } catch (TooDeep e) {
      throw tooDeep(e.event.getStartMark());
    } catch (MarkedYamlEngineException e) {
      throw new Wrong(place(e.getProblemMark()), unreadable(e.getProblem()));
    } catch (YamlEngineException e) {
      throw new Wrong(Optional.empty(), unreadable(e.getMessage()));
    }
  }

  private static String unreadable(@Nullable String why) {
    return "this is neither JSON nor YAML: "
        + Printable.line(String.valueOf(why)).replaceFirst("\\.+$", "");
  }

  private static Wrong tooDeep(Optional<Mark> mark) {
    return new Wrong(place(mark), "values are nested deeper than " + DEEPEST + " levels");
  }

  private static Optional<Place> place(Optional<Mark> mark) {
    return mark.map(at -> new Place(at.getLine() + 1, at.getColumn() + 1));
  }

  private JsonNode value(Node node, JsonPointer at, int depth) throws Wrong {
    Optional<Place> place = place(node.getStartMark());
    if (depth > DEEPEST) {
      throw tooDeep(node.getStartMark());
    }
    if (places.size() >= MOST_VALUES) {
      throw new Wrong(place, "there are more than " + MOST_VALUES + " values, with aliases");
    }
    // A field has the place of its name.
    place.ifPresent(known -> places.putIfAbsent(at, known));
    if (node instanceof MappingNode mapping) {
      ObjectNode object = NODES.objectNode();
      for (NodeTuple field : mapping.getValue()) {
        String name = name(field.getKeyNode());
        if (object.has(name)) {
          throw new Wrong(
              place(field.getKeyNode().getStartMark()),
              "the field " + Printable.value(name) + " is there twice");
        }
        JsonPointer below = at.append(JsonPointer.compile("/" + escaped(name)));
        object.set(name, value(field.getValueNode(), below, depth + 1));
      }
      return object;
    }
    if (node instanceof SequenceNode sequence) {
      ArrayNode array = NODES.arrayNode();
      for (Node element : sequence.getValue()) {
        array.add(value(element, at.append(JsonPointer.compile("/" + array.size())), depth + 1));
      }
      return array;
    }
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar, place);
    }
    throw new Wrong(place, "this kind of value is not known");
  }

  private static String name(Node key) throws Wrong {
    if (key instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw new Wrong(place(key.getStartMark()), "the name of a field must be a text");
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private static JsonNode scalar(ScalarNode scalar, Optional<Place> place) throws Wrong {
    Tag tag = scalar.getTag();
    String value = scalar.getValue();
    if (tag.equals(Tag.STR)) {
      return NODES.textNode(value);
    }
    if (tag.equals(Tag.NULL)) {
      return NODES.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return NODES.booleanNode(value.toLowerCase(Locale.ROOT).equals("true"));
    }
    try {
      if (tag.equals(Tag.INT)) {
        return NODES.numberNode(integer(value));
      }
      if (tag.equals(Tag.FLOAT)) {
        return decimal(new BigDecimal(value).stripTrailingZeros());
      }
    } catch (NumberFormatException e) {
      throw new Wrong(place, Printable.value(Printable.start(value, 40)) + " is no number");
    }
    throw new Wrong(
        place, "the tag " + Printable.value(tag.getValue()) + " is not known; leave it out");
  }

  /** A whole number is one however it is written: 300, 300.0 and 3e2 are the same. */
  private static JsonNode decimal(BigDecimal value) {
    return value.scale() <= 0 && value.scale() > -LONGEST_NUMBER
        ? NODES.numberNode(value.toBigIntegerExact())
        : NODES.numberNode(value);
  }

  private static BigInteger integer(String value) {
    return value.startsWith("0x")
        ? new BigInteger(value.substring(2), 16)
        : value.startsWith("0o")
            ? new BigInteger(value.substring(2), 8)
            : new BigInteger(value.startsWith("+") ? value.substring(1) : value);
  }

  private static final class TooDeep extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Event event;

    TooDeep(Event event) {
      this.event = event;
    }
  }

  /** Ends before the recursion of the composer takes all of the stack. */
  private static final class BoundedParser extends ParserImpl {
    private int depth;

    BoundedParser(LoadSettings settings, String text) {
      super(settings, new StreamReader(settings, text));
    }

    @Override
    public Event next() {
      Event event = super.next();
      switch (event.getEventId()) {
        case SequenceStart, MappingStart -> {
          depth++;
          if (depth > DEEPEST) {
            throw new TooDeep(event);
          }
        }
        case SequenceEnd, MappingEnd -> depth--;
        default -> {}
      }
      return event;
    }
  }
}
