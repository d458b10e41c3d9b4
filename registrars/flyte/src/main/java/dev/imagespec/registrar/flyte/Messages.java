package dev.imagespec.registrar.flyte;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of Flyte's {@code TaskTemplate} and of the messages in it, for one interface. They
 * come from the table {@code task-template.fields}.
 */
final class Messages {
  /** The message that describes a task. */
  static final String TEMPLATE = "TaskTemplate";

  private static final String TABLE = "task-template.fields";

  private final Map<String, Map<String, Field>> messages = new HashMap<>();
  private final Map<String, List<String>> enums = new HashMap<>();
  private final Map<String, Set<Api>> places = new HashMap<>();

  /**
   * A field of a message.
   *
   * @param name its name in JSON, such as {@code k8sPod}
   * @param type a message, an enum, or a scalar of Protocol Buffers
   * @param oneof the group of which a message has one field at most; empty if it belongs to none
   */
  record Field(String name, Shape shape, String type, Optional<String> oneof) {}

  /** How many values a field has. */
  enum Shape {
    /** One value. */
    ONE,
    /** A JSON array of them. */
    LIST,
    /** A JSON object: values by name. */
    MAP
  }

  private Messages() {}

  /** The messages of an interface. */
  static Messages of(Api api) {
    Messages all = new Messages();
    String current = "";
    for (String line : table().split("\n", -1)) {
      String[] words = line.strip().split(" ", -1);
      if (line.startsWith("message ")) {
        current = words[1];
        all.messages.put(current, new LinkedHashMap<>());
      } else if (line.startsWith("enum ")) {
        current = words[1];
        all.enums.put(current, new ArrayList<>());
      } else if (line.startsWith("  ")) {
        all.add(current, words, api);
      }
    }
    return all;
  }

  private void add(String owner, String[] words, Api api) {
    Set<Api> apis = EnumSet.allOf(Api.class);
    Optional<String> oneof = Optional.empty();
    for (String word : words) {
      if (word.startsWith("only=")) {
        apis = EnumSet.of(Api.of(Optional.of(word.substring("only=".length()))));
      } else if (word.startsWith("oneof=")) {
        oneof = Optional.of(word.substring("oneof=".length()));
      }
    }
    String name = enums.containsKey(owner) ? words[0] : json(words[0]);
    places.computeIfAbsent(owner + " " + name, key -> EnumSet.noneOf(Api.class)).addAll(apis);
    if (!apis.contains(api)) {
      return;
    }
    if (enums.containsKey(owner)) {
      Objects.requireNonNull(enums.get(owner)).add(name);
      return;
    }
    Shape shape =
        words[1].startsWith("list:")
            ? Shape.LIST
            : words[1].startsWith("map:") ? Shape.MAP : Shape.ONE;
    String type = words[1].substring(words[1].indexOf(':') + 1);
    Objects.requireNonNull(messages.get(owner)).put(name, new Field(name, shape, type, oneof));
  }

  /** The field of a message that has this name, in JSON or in the .proto file. */
  Optional<Field> field(String message, String name) {
    Map<String, Field> fields = messages.getOrDefault(message, Map.of());
    return Optional.ofNullable(fields.get(name))
        .or(() -> Optional.ofNullable(fields.get(json(name))));
  }

  /** The names in JSON of a message's fields. */
  Collection<String> names(String message) {
    return messages.getOrDefault(message, Map.of()).keySet();
  }

  /** Whether the other interface has this field, or this value of an enum. */
  boolean elsewhere(String owner, String name) {
    return places.containsKey(owner + " " + name) || places.containsKey(owner + " " + json(name));
  }

  /** The names of an enum's values, the default first; empty for another type. */
  Optional<List<String>> values(String type) {
    return Optional.ofNullable(enums.get(type));
  }

  /** Whether a type is one of the table's messages. */
  boolean isMessage(String type) {
    return messages.containsKey(type);
  }

  /** The name that Protocol Buffers gives a field in JSON. */
  static String json(String name) {
    StringBuilder result = new StringBuilder();
    boolean upper = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '_') {
        upper = true;
      } else {
        result.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return result.toString();
  }

  private static String table() {
    try (InputStream in = Messages.class.getResourceAsStream(TABLE)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
