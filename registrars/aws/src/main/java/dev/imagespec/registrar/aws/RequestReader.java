package dev.imagespec.registrar.aws;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Printable;
import dev.imagespec.model.Spelling;
import dev.imagespec.runtime.ImageSpecException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * Reads a tree into a request of the AWS SDK, by the SDK's own description of its fields. Names and
 * types are those of the AWS CLI's {@code --cli-input-json}. Whatever the service would pass over
 * or misread is an error.
 */
final class RequestReader {
  private final BiFunction<JsonPointer, String, ImageSpecException> wrong;
  private final String command;

  /**
   * A reader.
   *
   * @param command the AWS CLI's command that takes the same input, such as {@code ecs
   *     register-task-definition}
   * @param wrong the exception for a value that is wrong
   */
  RequestReader(String command, BiFunction<JsonPointer, String, ImageSpecException> wrong) {
    this.command = command;
    this.wrong = wrong;
  }

  /**
   * Reads a tree.
   *
   * @param builder the request's builder
   * @return that builder
   * @throws ImageSpecException if a field is not known, or has a value of another type
   */
  <B extends SdkPojo> B read(ObjectNode tree, B builder) {
    fill(builder, tree, JsonPointer.empty());
    return builder;
  }

  private void fill(SdkPojo builder, ObjectNode tree, JsonPointer at) {
    Map<String, SdkField<?>> known = new TreeMap<>();
    builder.sdkFields().forEach(field -> known.put(field.memberName(), field));
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      String name = entry.getKey();
      JsonPointer below = at.appendProperty(name);
      SdkField<?> field = known.get(name);
      if (field == null) {
        throw unknown(builder, name, known, below);
      }
      Object value = value(field, entry.getValue(), below);
      KnownValues.check(builder, field, value)
          .ifPresent(
              problem -> {
                throw wrong.apply(below, problem);
              });
      field.set(builder, value);
    }
  }

  private ImageSpecException unknown(
      SdkPojo builder, String name, Map<String, SdkField<?>> known, JsonPointer at) {
    Optional<String> meant =
        known.keySet().stream()
            .filter(name::equalsIgnoreCase)
            .findFirst()
            .or(() -> Spelling.meant(name, known.keySet().stream()));
    return wrong.apply(
        at,
        Shapes.nameOf(builder)
            + " has no field "
            + Printable.value(Printable.start(name, 80))
            + meant
                .map(other -> "; did you mean " + other + "?")
                .orElse("; `aws " + command + " --generate-cli-skeleton` shows all fields"));
  }

  private Object value(SdkField<?> field, JsonNode node, JsonPointer at) {
    if (node.isNull()) {
      throw wrong.apply(at, field.memberName() + " has no value; leave it out");
    }
    return switch (field.marshallingType().getKnownType()) {
      case STRING -> of(node.isTextual(), node, "a text", "; put it in quotes", at).textValue();
      case BOOLEAN -> of(node.isBoolean(), node, "true or false", "", at).booleanValue();
      case INTEGER ->
          of(node.isIntegralNumber() && node.canConvertToInt(), node, "a whole number", "", at)
              .intValue();
      case LONG ->
          of(node.isIntegralNumber() && node.canConvertToLong(), node, "a whole number", "", at)
              .longValue();
      case DOUBLE -> of(node.isNumber(), node, "a number", "", at).doubleValue();
      case FLOAT -> of(node.isNumber(), node, "a number", "", at).floatValue();
      case SDK_BYTES -> bytes(of(node.isTextual(), node, "a text of Base64", "", at), at);
      case INSTANT -> instant(node, at);
      case SDK_POJO -> structure(field, node, at);
      case LIST -> list(field, node, at);
      case MAP -> map(field, node, at);
      default ->
          throw wrong.apply(at, field.memberName() + " is of a kind that cannot be given here");
    };
  }

  private JsonNode of(
      boolean isRight, JsonNode node, String expected, String advice, JsonPointer at) {
    if (!isRight) {
      throw wrong.apply(
          at, "this must be " + expected + ", and is " + kind(node) + advice(node, advice));
    }
    return node;
  }

  private static String advice(JsonNode node, String advice) {
    return node.isValueNode() ? advice : "";
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      case STRING -> "a text";
      case BOOLEAN -> "true or false";
      case NUMBER -> node.isIntegralNumber() ? "a whole number" : "a number";
      default -> "nothing";
    };
  }

  private SdkBytes bytes(JsonNode node, JsonPointer at) {
    try {
      return SdkBytes.fromByteArray(Base64.getDecoder().decode(node.textValue()));
    } catch (IllegalArgumentException e) {
      throw wrong.apply(at, "this must be Base64");
    }
  }

  /** Seconds since 1970, or ISO 8601. */
  private Instant instant(JsonNode node, JsonPointer at) {
    try {
      return node.isIntegralNumber()
          ? Instant.ofEpochSecond(node.longValue())
          : Instant.parse(of(node.isTextual(), node, "a time", "", at).textValue());
    } catch (DateTimeException e) {
      throw wrong.apply(at, "this must be a time, such as 2026-01-31T12:00:00Z");
    }
  }

  private Object structure(SdkField<?> field, JsonNode node, JsonPointer at) {
    SdkPojo nested = field.constructor().get();
    if (!(node instanceof ObjectNode object)) {
      throw wrong.apply(
          at, "this must be an object, a " + Shapes.nameOf(nested) + ", and is " + kind(node));
    }
    fill(nested, object, at);
    return ((Buildable) nested).build();
  }

  private List<Object> list(SdkField<?> field, JsonNode node, JsonPointer at) {
    of(node.isArray(), node, "a list", "", at);
    SdkField<?> member = field.getRequiredTrait(ListTrait.class).memberFieldInfo();
    List<Object> values = new ArrayList<>();
    for (JsonNode element : node) {
      values.add(value(member, element, at.appendIndex(values.size())));
    }
    return values;
  }

  private Map<String, Object> map(SdkField<?> field, JsonNode node, JsonPointer at) {
    of(node.isObject(), node, "an object of names and values", "", at);
    SdkField<?> member = field.getRequiredTrait(MapTrait.class).valueFieldInfo();
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      values.put(
          entry.getKey(), value(member, entry.getValue(), at.appendProperty(entry.getKey())));
    }
    return values;
  }
}
