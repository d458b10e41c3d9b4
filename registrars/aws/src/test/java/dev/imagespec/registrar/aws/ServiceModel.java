package dev.imagespec.registrar.aws;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.testkit.ExternalTool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** A service as botocore, the AWS CLI's library, describes it. */
final class ServiceModel {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode model;

  private ServiceModel(JsonNode model) {
    this.model = model;
  }

  /** Skips the test if botocore is not installed, or fails it where it is required. */
  static ServiceModel of(String service, String version) throws IOException {
    ExternalTool.missing("python3").ifPresent(missing -> assumeTrue(false, missing));
    ExternalTool.Result found =
        ExternalTool.attempt(
            Map.of(),
            "python3",
            "-c",
            "import botocore, os; print(os.path.dirname(botocore.__file__))");
    if (found.status() != 0 && ExternalTool.required()) {
      throw new IllegalStateException("python3 has no botocore: " + found.output());
    }
    assumeTrue(found.status() == 0, "python3 has no botocore; Debian's is python3-botocore");
    Path folder = Path.of(found.output().strip(), "data", service, version);
    Path packed = folder.resolve("service-2.json.gz");
    try (InputStream in =
        Files.exists(packed)
            ? new GZIPInputStream(Files.newInputStream(packed))
            : Files.newInputStream(folder.resolve("service-2.json"))) {
      return new ServiceModel(JSON.readTree(in));
    }
  }

  /** What is wrong with the body of a request. */
  List<String> check(String operation, String body) throws IOException {
    JsonNode input = model.path("operations").path(operation).path("input");
    List<String> problems = new ArrayList<>();
    if (input.isMissingNode()) {
      return List.of("there is no operation " + operation);
    }
    check(
        input.path("shape").asText(),
        operation,
        body.isEmpty() ? JSON.createObjectNode() : JSON.readTree(body),
        true,
        problems);
    return problems;
  }

  private void check(String name, String at, JsonNode value, boolean isTop, List<String> problems) {
    JsonNode shape = model.path("shapes").path(name);
    String type = shape.path("type").asText();
    boolean right =
        switch (type) {
          case "structure" -> {
            if (value.isObject()) {
              structure(shape, at, value, isTop, problems);
            }
            yield value.isObject();
          }
          case "list" -> {
            int i = 0;
            for (JsonNode element : value) {
              check(
                  shape.path("member").path("shape").asText(),
                  at + "[" + i++ + "]",
                  element,
                  false,
                  problems);
            }
            yield value.isArray() && inBounds(shape, value.size());
          }
          case "map" -> {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
              check(
                  shape.path("value").path("shape").asText(),
                  at + "." + entry.getKey(),
                  entry.getValue(),
                  false,
                  problems);
            }
            yield value.isObject();
          }
          case "string" -> value.isTextual() && isText(shape, value.textValue());
          case "integer", "long" -> value.isIntegralNumber() && inBounds(shape, value.longValue());
          case "float", "double" -> value.isNumber();
          case "boolean" -> value.isBoolean();
          default -> false;
        };
    if (!right) {
      problems.add(at + " is no " + type + " " + name + ": " + value);
    }
  }

  private static boolean isText(JsonNode shape, String text) {
    Set<String> values = new TreeSet<>();
    shape.path("enum").forEach(each -> values.add(each.asText()));
    String pattern = shape.path("pattern").asText("");
    return inBounds(shape, text.length())
        && (values.isEmpty() || values.contains(text))
        && (pattern.isEmpty() || Pattern.compile(pattern).matcher(text).find());
  }

  private static boolean inBounds(JsonNode shape, long size) {
    return size >= shape.path("min").asLong(Long.MIN_VALUE)
        && size <= shape.path("max").asLong(Long.MAX_VALUE);
  }

  private void structure(
      JsonNode shape, String at, JsonNode value, boolean isTop, List<String> problems) {
    Set<String> known = new TreeSet<>();
    for (Map.Entry<String, JsonNode> member : shape.path("members").properties()) {
      String wire = member.getValue().path("locationName").asText(member.getKey());
      boolean outside = isTop && member.getValue().has("location");
      if (outside) {
        continue;
      }
      known.add(wire);
      JsonNode given = value.path(wire);
      if (!given.isMissingNode()) {
        check(member.getValue().path("shape").asText(), at + "." + wire, given, false, problems);
      } else if (names(shape.path("required")).contains(member.getKey())) {
        problems.add(at + " lacks " + wire);
      }
    }
    value
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                problems.add(at + " has no member " + name);
              }
            });
  }

  private static Set<String> names(JsonNode list) {
    Set<String> names = new TreeSet<>();
    list.forEach(each -> names.add(each.asText()));
    return names;
  }

  /** The shape of an operation's input. */
  String input(String operation) {
    return model.path("operations").path(operation).path("input").path("shape").asText();
  }

  /** The members of a structure, which the AWS CLI's input has, with their shapes. */
  Map<String, String> members(String shape) {
    Map<String, String> members = new java.util.TreeMap<>();
    model
        .path("shapes")
        .path(shape)
        .path("members")
        .properties()
        .forEach(member -> members.put(member.getKey(), member.getValue().path("shape").asText()));
    return members;
  }

  /** The shape of a list's elements or of a map's values; the shape itself if it is neither. */
  String element(String shape) {
    JsonNode found = model.path("shapes").path(shape);
    return switch (found.path("type").asText()) {
      case "list" -> element(found.path("member").path("shape").asText());
      case "map" -> element(found.path("value").path("shape").asText());
      default -> shape;
    };
  }
}
