package dev.imagespec.registrar.flyte;

import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.Definition;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskRegistrar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whatever a registration is to tell Flyte. */
final class Definitions {
  private Definitions() {}

  /**
   * The tasks of classes, and then those of files.
   *
   * @throws ImageSpecException if one is wrong, or two have the same name
   */
  static List<TaskDefinition> of(TaskRegistrar.Context context, Api api, Naming naming) {
    List<TaskDefinition> definitions = new ArrayList<>();
    for (Manifest manifest : context.manifests()) {
      AnnotatedTask.of(manifest, api, naming).ifPresent(definitions::add);
    }
    for (Definition file : context.definitions()) {
      TemplateFile.read(file, api, naming, context).ifPresent(definitions::add);
    }
    Map<TaskId, String> names = new HashMap<>();
    for (TaskDefinition definition : definitions) {
      String other = names.putIfAbsent(definition.name(), definition.definition());
      if (other != null) {
        throw new ImageSpecException(
            FailureCode.INVALID_SETTING,
            other
                + " and "
                + definition.definition()
                + " are both the task "
                + definition.name().name()
                + " of "
                + definition.name().project()
                + "/"
                + definition.name().domain()
                + " in Flyte; give one of them another name.");
      }
    }
    return definitions;
  }

  /** Whether there is anything for Flyte. */
  static boolean any(TaskRegistrar.Context context) {
    return !context.definitions().isEmpty()
        || context.manifests().stream().anyMatch(manifest -> manifest.flyte().isSet());
  }
}
