package dev.imagespec.registrar.aws;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Registry;
import dev.imagespec.registrar.definition.DefinitionFile;
import dev.imagespec.registrar.definition.ImagePlaces;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskRegistrar.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;

/**
 * A definition of a function: the input of {@code CreateFunction}, for a function that runs an
 * image.
 *
 * @param file the file
 * @param places where it names its task
 * @param name the function's name
 * @param platform the platform that it runs on
 * @param alias the alias that its new version gets; empty for none
 */
record FunctionFile(
    DefinitionFile file,
    ImagePlaces places,
    String name,
    Platform platform,
    Optional<String> alias) {
  static final String CODE = "Code";
  static final String IMAGE = "ImageUri";
  static final String ARCHITECTURES = "Architectures";
  static final String PACKAGE = "PackageType";
  static final String PUBLISH = "Publish";
  static final String PUBLISH_TO = "PublishTo";
  static final String TAGS = "Tags";
  private static final String X86 = "x86_64";
  private static final Map<String, Platform> PLATFORMS =
      Map.of(X86, Platform.parse("linux/amd64"), "arm64", Platform.parse("linux/arm64"));

  /** What only functions without an image have. */
  private static final List<String> OF_ARCHIVES =
      List.of("Runtime", "Handler", "Layers", "CodeSigningConfigArn");

  /**
   * Reads it. Checks what Lambda would refuse only after the image was pushed.
   *
   * @throws ImageSpecException if it is wrong
   */
  static FunctionFile of(
      DefinitionFile file, ImagePlaces places, Context context, Optional<String> alias) {
    ObjectNode tree = file.tree();
    CreateFunctionRequest request = read(file, tree).build();
    for (String field : OF_ARCHIVES) {
      if (tree.has(field)) {
        throw file.wrong(
            at(field), "a function that runs an image has no " + field + "; leave it out");
      }
    }
    for (Map.Entry<String, JsonNode> code : tree.path(CODE).properties()) {
      if (!code.getKey().equals(IMAGE)) {
        throw file.wrong(
            at(CODE).appendProperty(code.getKey()),
            "a function that runs an image has only Code.ImageUri; leave "
                + code.getKey()
                + " out");
      }
    }
    if (tree.has(PACKAGE) && !request.packageTypeAsString().equals("Image")) {
      throw file.wrong(at(PACKAGE), "a function that runs an image has the PackageType Image");
    }
    if (alias.isPresent() && Boolean.FALSE.equals(request.publish())) {
      throw file.wrong(
          at(PUBLISH),
          "an alias names a published version, so Publish cannot be false with"
              + " imagespec.aws.lambda-alias; leave one of them out");
    }
    String task = places.tasks().iterator().next();
    Platform platform = platform(file, request);
    context.manifests().stream()
        .filter(manifest -> manifest.task().equals(task))
        .map(Manifest::platforms)
        .filter(platforms -> !platforms.contains(platform))
        .findFirst()
        .ifPresent(
            platforms -> {
              throw file.wrong(
                  tree.has(ARCHITECTURES) ? at(ARCHITECTURES) : at(CODE),
                  "the function runs on "
                      + platform
                      + ", and the image of "
                      + task
                      + " is for "
                      + String.join(", ", platforms.stream().map(Platform::toString).toList())
                      + "; change Architectures, or the platforms of its @ImageSpec");
            });
    return new FunctionFile(file, places, shortName(request.functionName()), platform, alias);
  }

  private static CreateFunctionRequest.Builder read(DefinitionFile file, ObjectNode tree) {
    return new RequestReader(Service.LAMBDA.command(), file::wrong)
        .read(tree, CreateFunctionRequest.builder());
  }

  private static Platform platform(DefinitionFile file, CreateFunctionRequest request) {
    List<String> architectures =
        request.hasArchitectures() ? request.architecturesAsStrings() : List.of(X86);
    if (architectures.size() != 1 || !PLATFORMS.containsKey(architectures.get(0))) {
      throw file.wrong(
          at(ARCHITECTURES), "a function has one architecture: [\"x86_64\"] or [\"arm64\"]");
    }
    return PLATFORMS.getOrDefault(architectures.get(0), Platform.DEFAULT);
  }

  /** A function's name may be given as its ARN, or as a part of that. */
  private static String shortName(String name) {
    return name.substring(name.lastIndexOf(':') + 1);
  }

  private static JsonPointer at(String field) {
    return JsonPointer.empty().appendProperty(field);
  }

  /**
   * Checks that Lambda can get the image: it takes images of Amazon ECR in its own region only.
   *
   * @param region the function's region
   * @throws ImageSpecException if it cannot
   */
  void checkRepository(Context context, String region) {
    for (String task : places.tasks()) {
      Optional<Registry> registry =
          Optional.ofNullable(context.repositories().get(task)).map(known -> known.registry());
      Optional<String> of = registry.flatMap(Registry::ecr).map(host -> host.region());
      if (registry.isPresent() && of.isEmpty()) {
        throw file.wrong(
            imageAt(),
            "Lambda takes images of a private registry of Amazon ECR only, and that of "
                + task
                + " goes to "
                + registry.get()
                + "; change the registry of its @ImageSpec, or --registry");
      }
      if (of.isPresent() && !of.get().equals(region)) {
        throw file.wrong(
            imageAt(),
            "Lambda takes images of its own region only; the function is in "
                + region
                + ", and the image of "
                + task
                + " goes to "
                + of.get()
                + "; set imagespec.aws.region, or push to a registry in "
                + region);
      }
    }
  }

  private static JsonPointer imageAt() {
    return at(CODE).appendProperty(IMAGE);
  }

  /** Whether each change is published as a version. */
  boolean publishes() {
    return alias.isPresent() || file.tree().path(PUBLISH).asBoolean();
  }

  /** Where versions are published to, as Lambda calls it; empty for its default. */
  Optional<String> publishTo() {
    return Optional.of(file.tree().path(PUBLISH_TO).asText()).filter(text -> !text.isEmpty());
  }

  /** What would be sent to create it, with an image in the place of the task. */
  ObjectNode wanted(Function<String, String> reference) {
    ObjectNode wanted = places.with(reference).put(PACKAGE, "Image");
    if (publishes()) {
      wanted.put(PUBLISH, true);
    }
    return wanted;
  }

  /** How messages call it. */
  String where() {
    return "the function " + name;
  }
}
