package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The values of fields that are no messages of Flyte: scalars, enums, and well-known types. */
final class Values {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern DURATION = Pattern.compile("-?[0-9]{1,12}(\\.[0-9]{1,9})?s");
  private static final Pattern ZEROS = Pattern.compile("\\.?0*s$");
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,10}");

  private final Messages messages;

  Values(Messages messages) {
    this.messages = messages;
  }

  /** A value in its one form; empty if it is none of this type. */
  Optional<JsonNode> of(String type, JsonNode value) {
    return switch (type) {
      case "string", "bytes", "Timestamp" ->
          value.isTextual() ? Optional.of(value) : Optional.empty();
      case "bool", "BoolValue" -> value.isBoolean() ? Optional.of(value) : Optional.empty();
      case "int32" -> integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case "uint32" -> integer(value, 0, 0xffffffffL);
      case "double" -> value.isNumber() ? Optional.of(number(value)) : Optional.empty();
      case "Duration" ->
          value.isTextual() && DURATION.matcher(value.textValue()).matches()
              ? Optional.of(NODES.textNode(duration(value.textValue())))
              : Optional.empty();
      case "Struct" -> value.isObject() ? Optional.of(any(value)) : Optional.empty();
      default ->
          messages
              .values(type)
              .filter(names -> value.isTextual() && names.contains(value.textValue()))
              .map(names -> value);
    };
  }

  /** What is wrong with a value of this type. */
  String expected(String type, String shown) {
    return switch (type) {
      case "string" -> "this is a text in Flyte; put " + shown + " in quotes, or write a text";
      case "bytes" -> "these are bytes in Flyte: a text in Base64, not " + shown;
      case "Timestamp" -> "this is a time such as \"2026-01-31T12:00:00Z\", not " + shown;
      case "bool", "BoolValue" -> "this is true or false, not " + shown;
      case "int32", "uint32" -> "this is a whole number, not " + shown;
      case "double" -> "this is a number, not " + shown;
      case "Duration" -> "a duration is a text of seconds such as \"300s\", not " + shown;
      case "Struct" -> "this is an object, not " + shown;
      default ->
          "this is one of "
              + String.join(", ", messages.values(type).orElse(List.of()))
              + ", not "
              + shown;
    };
  }

  /** Whether Flyte takes a field without a value for this one. */
  boolean isDefault(String type, JsonNode value) {
    return switch (type) {
      case "string", "bytes" -> value.textValue().isEmpty();
      case "bool" -> !value.booleanValue();
      case "int32", "uint32", "double" -> value.doubleValue() == 0;
      default ->
          messages.values(type).filter(names -> names.get(0).equals(value.textValue())).isPresent();
    };
  }

  private static Optional<JsonNode> integer(JsonNode value, long least, long most) {
    Optional<BigDecimal> number =
        value.isNumber()
            ? Optional.of(value.decimalValue())
            : Optional.of(value.asText())
                .filter(text -> value.isTextual() && INTEGER.matcher(text).matches())
                .map(BigDecimal::new);
    return number
        .filter(n -> n.stripTrailingZeros().scale() <= 0)
        .map(BigDecimal::toBigInteger)
        .filter(
            n ->
                n.compareTo(BigInteger.valueOf(least)) >= 0
                    && n.compareTo(BigInteger.valueOf(most)) <= 0)
        .map(n -> whole(n.longValue()));
  }

  /** Numbers of a Struct are doubles: 1.0 comes back as 1. */
  private static JsonNode number(JsonNode value) {
    double number = value.doubleValue();
    return number == Math.rint(number) && Math.abs(number) < 1L << 53
        ? whole((long) number)
        : NODES.numberNode(number);
  }

  /** As Jackson reads it. */
  private static JsonNode whole(long number) {
    return number == (int) number ? NODES.numberNode((int) number) : NODES.numberNode(number);
  }

  private static String duration(String text) {
    return text.indexOf('.') < 0 ? text : ZEROS.matcher(text).replaceFirst("s");
  }

  private static JsonNode any(JsonNode value) {
    if (value.isObject()) {
      ObjectNode object = NODES.objectNode();
      value.properties().forEach(entry -> object.set(entry.getKey(), any(entry.getValue())));
      return object;
    }
    if (value.isArray()) {
      ArrayNode array = NODES.arrayNode();
      value.forEach(element -> array.add(any(element)));
      return array;
    }
    return value.isNumber() ? number(value) : value;
  }
}
