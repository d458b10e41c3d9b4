package dev.imagespec.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The shapes of the requests of a service. They are strict, where the services themselves pass over
 * members that they do not know: what a client sends must be what it means.
 */
final class AwsShapes {
  /**
   * An operation.
   *
   * @param path its path, with placeholders such as <code>{FunctionName}</code>
   * @param shape the name of its request's shape
   */
  record Operation(String name, String method, String path, String shape) {
    /** The values of the path's placeholders; empty if this is another operation's path. */
    Optional<Map<String, String>> match(String asked, String path) {
      String[] parts = this.path.split("/", -1);
      String[] given = path.split("/", -1);
      if (!method.equals(asked) || parts.length != given.length) {
        return Optional.empty();
      }
      Map<String, String> values = new LinkedHashMap<>();
      for (int i = 0; i < parts.length; i++) {
        if (parts[i].startsWith("{")) {
          values.put(parts[i].substring(1, parts[i].length() - 1), given[i]);
        } else if (!parts[i].equals(given[i])) {
          return Optional.empty();
        }
      }
      return Optional.of(values);
    }
  }

  private record Member(String shape, boolean required, boolean outside) {}

  private record Shape(String type, List<String> words, Map<String, Member> members) {}

  private final Map<String, Operation> operations = new LinkedHashMap<>();
  private final Map<String, Shape> shapes = new LinkedHashMap<>();

  private AwsShapes() {}

  /** The shapes of a service, by its name in signatures: {@code ecs}, {@code batch}. */
  static AwsShapes of(String service) {
    AwsShapes shapes = new AwsShapes();
    try (InputStream in =
            Objects.requireNonNull(AwsShapes.class.getResourceAsStream(service + ".shapes"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      lines.lines().filter(line -> !line.startsWith("#")).forEach(shapes::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shapes;
  }

  private void add(String line) {
    List<String> words = Arrays.asList(line.split(" ", -1));
    String type = words.get(0);
    String name = words.get(1);
    switch (type) {
      case "operation" ->
          operations.put(name, new Operation(name, words.get(2), words.get(3), words.get(4)));
      case "structure" -> {
        Map<String, Member> members = new LinkedHashMap<>();
        for (String word : words.subList(2, words.size())) {
          int colon = word.indexOf(':');
          String member = word.substring(0, colon);
          members.put(
              member.replaceAll("[!@]", ""),
              new Member(word.substring(colon + 1), member.contains("!"), member.contains("@")));
        }
        shapes.put(name, new Shape(type, List.of(), members));
      }
      case "list", "map", "enum" ->
          shapes.put(name, new Shape(type, words.subList(2, words.size()), Map.of()));
      default ->
          words
              .subList(1, words.size())
              .forEach(scalar -> shapes.put(scalar, new Shape(type, List.of(), Map.of())));
    }
  }

  /** The operation with this name. */
  Optional<Operation> operation(String name) {
    return Optional.ofNullable(operations.get(name));
  }

  /** The operation of a method and a path. */
  Optional<Operation> operation(String method, String path) {
    return operations.values().stream()
        .filter(operation -> operation.match(method, path).isPresent())
        .findFirst();
  }

  /**
   * Checks the body of a request.
   *
   * @throws ApiException if a member is not known, has another type, or is missing
   */
  void check(Operation operation, Map<?, ?> body) {
    check(operation.shape(), operation.name(), body);
  }

  private void check(String name, String at, Object value) {
    Shape shape = Objects.requireNonNull(shapes.get(name), name);
    boolean right =
        switch (shape.type()) {
          case "structure" -> value instanceof Map<?, ?> map && isRight(shape, at, map);
          case "list" -> {
            if (value instanceof List<?> list) {
              list.forEach(element -> check(shape.words().get(0), at + "[]", element));
            }
            yield value instanceof List<?>;
          }
          case "map" -> {
            if (value instanceof Map<?, ?> map) {
              map.forEach((key, each) -> check(shape.words().get(0), at + "." + key, each));
            }
            yield value instanceof Map<?, ?>;
          }
          case "boolean" -> value instanceof Boolean;
          case "integer", "long", "float", "double", "timestamp" -> value instanceof Number;
          case "enum" -> value instanceof String text && isKnown(name, shape, text);
          case "string", "blob" -> value instanceof String;
          default -> throw new IllegalStateException(shape.type());
        };
    if (!right) {
      throw new ApiException(
          "SerializationException", at + " is no " + shape.type() + " " + name + ": " + value);
    }
  }

  /** AWS Batch does not mind the case of what to do with a job that failed. */
  private static boolean isKnown(String name, Shape shape, String text) {
    return shape.words().contains(text)
        || (name.equals("RetryAction") && shape.words().stream().anyMatch(text::equalsIgnoreCase));
  }

  private boolean isRight(Shape shape, String at, Map<?, ?> value) {
    Set<String> known = shape.members().keySet();
    value
        .keySet()
        .forEach(
            key -> {
              if (!known.contains(String.valueOf(key))) {
                throw new ApiException(
                    "SerializationException", at + " has no member " + key + ", only " + known);
              }
            });
    shape
        .members()
        .forEach(
            (name, member) -> {
              Object given = value.get(name);
              if (given != null && member.outside()) {
                throw new ApiException(
                    "SerializationException", at + "." + name + " belongs outside of the body");
              }
              if (given != null) {
                check(member.shape(), at + "." + name, given);
              } else if (member.required() && !member.outside()) {
                throw new ApiException("ValidationException", at + "." + name + " is missing");
              }
            });
    return true;
  }
}
