package dev.imagespec.registrar.aws;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.registrar.definition.DefinitionFile;
import dev.imagespec.registrar.definition.Entry;
import dev.imagespec.registrar.definition.ImagePlaces;
import dev.imagespec.runtime.Definition;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskRegistrar.Context;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and checks definition files. Sends nothing. */
final class AwsDefinitions {
  /** The part that all hosts of AWS have. */
  private static final String AMAZON = "amazonaws";

  private final Context context;
  private final AwsSettings settings;
  private final Amazon amazon;

  /** The file of each name, by the service and the name. */
  private final Map<String, String> names = new HashMap<>();

  AwsDefinitions(Context context, AwsSettings settings, Amazon amazon) {
    this.context = context;
    this.settings = settings;
    this.amazon = amazon;
  }

  /**
   * The entries of all files.
   *
   * @throws ImageSpecException if a file is wrong, or two define the same
   */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    context.definitions().forEach(definition -> entry(definition).ifPresent(entries::add));
    return entries;
  }

  private Optional<Entry> entry(Definition definition) {
    DefinitionFile file = DefinitionFile.read(definition);
    Service service = Service.of(definition.kind());
    Optional<ImagePlaces> places =
        file.images(pointer -> service.isImage(pointer.toString()), context);
    ObjectNode tree = file.tree();
    checkRequired(file, service, tree);
    Optional<Entry> entry =
        places.map(
            known ->
                switch (service) {
                  case ECS -> {
                    TaskDefinitions.read(file, tree);
                    yield new RevisionEntry(
                        file, known, name(file, service), new TaskDefinitions(amazon, file));
                  }
                  case BATCH -> {
                    JobDefinitions.read(file, tree);
                    yield new RevisionEntry(
                        file, known, name(file, service), new JobDefinitions(amazon, file));
                  }
                  case LAMBDA -> function(file, known);
                });
    if (entry.isPresent()) {
      checkTags(file, tree);
      checkName(file, service);
    }
    return entry;
  }

  private static void checkRequired(DefinitionFile file, Service service, ObjectNode tree) {
    for (String field : service.required()) {
      JsonNode value = tree.path(field);
      if (value.isMissingNode()
          || value.isNull()
          || (value.isTextual() && value.asText().isEmpty())) {
        throw file.wrong(
            JsonPointer.empty().appendProperty(field),
            "`aws " + service.command() + "` needs " + field + ", which is missing");
      }
    }
  }

  private Entry function(DefinitionFile file, ImagePlaces places) {
    FunctionFile function = FunctionFile.of(file, places, context, settings.alias());
    if (!isEmulated()) {
      function.checkRepository(context, amazon.region().id());
    }
    return new FunctionEntry(function, new Functions(amazon, function));
  }

  /** An emulator of Lambda has its own registry, whose host tells nothing. */
  private boolean isEmulated() {
    return amazon
        .lambdaEndpoint()
        .map(URI::getHost)
        .filter(host -> !host.contains(AMAZON))
        .isPresent();
  }

  private static String name(DefinitionFile file, Service service) {
    return file.tree().path(service.nameField()).asText();
  }

  private void checkName(DefinitionFile file, Service service) {
    String name = name(file, service);
    String other =
        names.putIfAbsent(
            service.kind() + " " + name.substring(name.lastIndexOf(':') + 1), file.name());
    if (other != null) {
      throw file.wrong(
          JsonPointer.empty().appendProperty(service.nameField()),
          other + " has the " + service.nameField() + " " + name + ", too; give one another name");
    }
  }

  /** ECS has a list of tags, the others an object. */
  private static void checkTags(DefinitionFile file, ObjectNode tree) {
    String field = tree.has(FunctionFile.TAGS) ? FunctionFile.TAGS : "tags";
    JsonNode tags = tree.path(field);
    JsonPointer at = JsonPointer.empty().appendProperty(field);
    boolean isOurs = tags.has(Revisions.TAG);
    for (JsonNode tag : tags) {
      isOurs |= tag.path("key").asText().equals(Revisions.TAG);
    }
    if (isOurs) {
      throw file.wrong(
          at, "the tag " + Revisions.TAG + " is set by the registration; leave it out");
    }
    if (tags.size() >= Revisions.MOST_TAGS) {
      throw file.wrong(
          at,
          "there are "
              + tags.size()
              + " tags, and "
              + (Revisions.MOST_TAGS - 1)
              + " can be given: AWS takes "
              + Revisions.MOST_TAGS
              + ", one of which is "
              + Revisions.TAG);
    }
  }
}
