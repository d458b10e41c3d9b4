package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.registrar.definition.DefinitionFile;
import dev.imagespec.runtime.Definition;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskRegistrar;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file with a {@code TaskTemplate} in proto-JSON, or the same as YAML. Where an image belongs, in
 * its container or in the containers of its pod, it has names of task classes.
 */
final class TemplateFile {
  /** The kind of such files: {@code flyte:FILE}. */
  static final String KIND = "flyte";

  private static final Pattern IMAGE =
      Pattern.compile(
          "/container/image"
              + "|/(?:k8sPod|k8s_pod)/(?:podSpec|pod_spec)/(?:containers|initContainers)/\\d+/image");

  private static final JsonPointer ROOT = JsonPointer.empty();

  private final DefinitionFile file;
  private final Api api;
  private final TemplateForm form;

  private TemplateFile(DefinitionFile file, Api api) {
    this.file = file;
    this.api = api;
    this.form = new TemplateForm(api);
  }

  /**
   * What a file defines; empty if it names a task that the registration leaves out.
   *
   * @throws ImageSpecException if Flyte would refuse it, or drop a part of it
   */
  static Optional<TaskDefinition> read(
      Definition definition, Api api, Naming naming, TaskRegistrar.Context context) {
    return new TemplateFile(DefinitionFile.read(definition), api).definition(naming, context);
  }

  private Optional<TaskDefinition> definition(Naming naming, TaskRegistrar.Context context) {
    ObjectNode template = form.of(file.tree(), this::complain);
    require(template);
    JsonNode id = template.path("id");
    String resource = id.path("resourceType").asText("TASK");
    if (!resource.equals("TASK")) {
      throw file.wrong(
          ROOT.appendProperty("id").appendProperty("resourceType"),
          "a task template's resourceType is TASK, not " + resource);
    }
    Naming.Own own =
        new Naming.Own(
            id.path("org").asText(),
            id.path("project").asText(),
            id.path("domain").asText(),
            id.path("name").asText(),
            id.path("version").asText());
    TaskId name = naming.name(own, this::wrongName);
    Optional<String> version = naming.version(own, this::wrongName);
    return file.images(at -> IMAGE.matcher(at.toString()).matches(), context)
        .map(
            places ->
                new TaskDefinition(
                    file.name(),
                    places.tasks(),
                    name,
                    version,
                    images -> {
                      ObjectNode result = form.of(places.with(images::reference), this::complain);
                      result.remove("id");
                      return Required.completed(result, api);
                    }));
  }

  private void require(ObjectNode template) {
    Required.missing(template, api).ifPresent(missing -> complain(missing.at(), missing.problem()));
  }

  private void complain(JsonPointer at, String problem) {
    throw file.wrong(at, problem);
  }

  private ImageSpecException wrongName(String field, String problem) {
    JsonPointer id = ROOT.appendProperty("id");
    return file.wrong(field.isEmpty() ? id : id.appendProperty(field), problem);
  }
}
