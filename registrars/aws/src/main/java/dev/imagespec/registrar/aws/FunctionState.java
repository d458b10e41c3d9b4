package dev.imagespec.registrar.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.registrar.definition.Difference;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.services.lambda.model.GetFunctionResponse;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.lambda.model.UpdateFunctionConfigurationRequest;

/** How a function that is there differs from what a file says. */
final class FunctionState {
  /** What a change of the configuration can change. */
  private static final Set<String> CHANGEABLE =
      UpdateFunctionConfigurationRequest.builder().sdkFields().stream()
          .map(SdkField::memberName)
          .collect(Collectors.toUnmodifiableSet());

  /** What is compared in a way of its own, or says how to create it. */
  private static final Set<String> NOT_CONFIGURATION =
      Set.of(
          "FunctionName",
          FunctionFile.CODE,
          FunctionFile.ARCHITECTURES,
          FunctionFile.PACKAGE,
          FunctionFile.PUBLISH,
          FunctionFile.PUBLISH_TO,
          FunctionFile.TAGS);

  /** Lists whose order means nothing. */
  private static final Set<String> SETS = Set.of("SubnetIds", "SecurityGroupIds");

  private final FunctionFile file;
  private final GetFunctionResponse there;
  private final ObjectNode wanted;

  FunctionState(FunctionFile file, GetFunctionResponse there, ObjectNode wanted) {
    this.file = file;
    this.there = there;
    this.wanted = wanted;
    if (there.configuration().packageType() == PackageType.ZIP) {
      throw new ImageSpecException(
          FailureCode.REGISTRAR,
          file.where()
              + " is there and runs an archive, and Lambda cannot change that to an image. Delete it"
              + " (`aws lambda delete-function --function-name "
              + file.name()
              + "`), or give this one another name.");
    }
  }

  /** The function's ARN, without a version. */
  String arn() {
    return there.configuration().functionArn();
  }

  String revision() {
    return there.configuration().revisionId();
  }

  /**
   * The fields of the configuration that differ, with the values that they should have.
   *
   * @throws ImageSpecException if one of them cannot be changed
   */
  ObjectNode configuration() {
    JsonNode now = configured();
    ObjectNode changes = wanted.objectNode();
    for (Map.Entry<String, JsonNode> field : wanted.properties()) {
      String name = field.getKey();
      if (NOT_CONFIGURATION.contains(name) || isSame(name, now.path(name), field.getValue())) {
        continue;
      }
      if (!CHANGEABLE.contains(name)) {
        throw new ImageSpecException(
            FailureCode.REGISTRAR,
            file.where()
                + " is there with another "
                + name
                + ", which Lambda cannot change. Leave "
                + name
                + " as it is, or give this function another name.");
      }
      changes.set(name, field.getValue());
    }
    return changes;
  }

  /** A response has some fields in another form than a request. */
  private ObjectNode configured() {
    ObjectNode tree = Shapes.tree(there.configuration());
    JsonNode image = tree.path("ImageConfigResponse").path("ImageConfig");
    if (image.isObject()) {
      tree.set("ImageConfig", image);
    }
    return tree;
  }

  /** Whether it runs another image, or on another architecture. */
  boolean isOtherCode() {
    return !digest(there.code().resolvedImageUri()).equals(digest(image()))
        || !there.configuration().architecturesAsStrings().contains(architecture());
  }

  /** The image that it should run. */
  String image() {
    return wanted.path(FunctionFile.CODE).path(FunctionFile.IMAGE).asText();
  }

  /** The architecture that it should run on, as Lambda calls it. */
  String architecture() {
    return wanted.path(FunctionFile.ARCHITECTURES).path(0).asText("x86_64");
  }

  private static String digest(String image) {
    return image.substring(image.indexOf('@') + 1);
  }

  /** The tags that it lacks, or has with other values. */
  Map<String, String> tags(Map<String, String> asked) {
    Map<String, String> missing = new TreeMap<>(asked);
    missing.entrySet().removeAll(there.tags().entrySet());
    return missing;
  }

  /** All of this in words. */
  List<String> changes(Map<String, String> tags) {
    ObjectNode before = configured();
    ObjectNode after = configuration();
    before.putObject(FunctionFile.CODE).put(FunctionFile.IMAGE, there.code().resolvedImageUri());
    after.putObject(FunctionFile.CODE).put(FunctionFile.IMAGE, image());
    if (isOtherCode()) {
      after.putArray(FunctionFile.ARCHITECTURES).add(architecture());
    } else {
      after.remove(FunctionFile.CODE);
    }
    ObjectNode now = before.putObject(FunctionFile.TAGS);
    there.tags().forEach(now::put);
    ObjectNode then = after.putObject(FunctionFile.TAGS);
    tags(tags).forEach(then::put);
    then.remove(Revisions.TAG);
    List<String> lines = new ArrayList<>(Difference.between(before, after));
    // What is taken away from an object of names and values is no difference to the lines.
    for (Map.Entry<String, JsonNode> field : configuration().properties()) {
      if (lines.stream().noneMatch(line -> line.startsWith(field.getKey()))) {
        lines.add(field.getKey() + ": changes");
      }
    }
    if (lines.isEmpty() && !tags(tags).isEmpty()) {
      lines.add("the tag " + Revisions.TAG);
    }
    return lines;
  }

  private static boolean isSame(String name, JsonNode there, JsonNode wanted) {
    if (isNothing(there) && isNothing(wanted)) {
      return true;
    }
    if (wanted instanceof ObjectNode object && there.isObject()) {
      // Of names and values all are replaced; of other objects Lambda adds what is not said.
      boolean isComplete = !name.equals("Variables") || there.size() == wanted.size();
      return isComplete
          && object.properties().stream()
              .allMatch(
                  field -> isSame(field.getKey(), there.path(field.getKey()), field.getValue()));
    }
    if (wanted instanceof ArrayNode list && there instanceof ArrayNode old) {
      return SETS.contains(name)
          ? texts(list).equals(texts(old))
          : list.size() == old.size() && isSame(old, list);
    }
    return (wanted.isNumber() && there.isNumber())
        ? wanted.decimalValue().compareTo(there.decimalValue()) == 0
        : wanted.equals(there);
  }

  private static boolean isSame(ArrayNode there, ArrayNode wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      if (!isSame("", there.get(i), wanted.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static Set<String> texts(ArrayNode list) {
    Set<String> texts = new TreeSet<>();
    list.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  /** A function without something has it empty, or not at all. */
  private static boolean isNothing(JsonNode value) {
    if (value.isContainerNode()) {
      for (JsonNode each : value) {
        if (!isNothing(each)) {
          return false;
        }
      }
      return true;
    }
    return value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.asText().isEmpty());
  }
}
