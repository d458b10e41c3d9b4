package dev.imagespec.registrar.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/** What the AWS SDK's values are, as trees with the names of the service. */
final class Shapes {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Shapes() {}

  /** The name of a value's shape, such as {@code ContainerDefinition}. */
  static String nameOf(SdkPojo value) {
    Class<?> type = value.getClass();
    Class<?> outer = type.getEnclosingClass() == null ? type : type.getEnclosingClass();
    return outer.getSimpleName().replaceFirst("Request$", "");
  }

  /** A value of the SDK as a tree, without what it does not have. */
  static ObjectNode tree(SdkPojo value) {
    ObjectNode tree = NODES.objectNode();
    for (SdkField<?> field : value.sdkFields()) {
      Object member = field.getValueOrDefault(value);
      // The SDK has empty lists and maps for those that are not there.
      if (member != null
          && !(member instanceof SdkAutoConstructList<?>)
          && !(member instanceof SdkAutoConstructMap<?, ?>)) {
        tree.set(field.memberName(), node(member));
      }
    }
    return tree;
  }

  private static JsonNode node(Object value) {
    if (value instanceof SdkPojo nested) {
      return tree(nested);
    }
    if (value instanceof List<?> list) {
      ArrayNode nodes = NODES.arrayNode();
      list.forEach(element -> nodes.add(node(element)));
      return nodes;
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode nodes = NODES.objectNode();
      map.forEach((name, each) -> nodes.set(String.valueOf(name), node(each)));
      return nodes;
    }
    if (value instanceof Integer number) {
      return NODES.numberNode(number);
    }
    if (value instanceof Long number) {
      return NODES.numberNode(number);
    }
    if (value instanceof Double number) {
      return NODES.numberNode(number);
    }
    if (value instanceof Float number) {
      return NODES.numberNode(number);
    }
    if (value instanceof Boolean bool) {
      return NODES.booleanNode(bool);
    }
    if (value instanceof Instant time) {
      return NODES.textNode(time.toString());
    }
    if (value instanceof SdkBytes bytes) {
      return NODES.textNode(Base64.getEncoder().encodeToString(bytes.asByteArray()));
    }
    return NODES.textNode(String.valueOf(value));
  }
}
