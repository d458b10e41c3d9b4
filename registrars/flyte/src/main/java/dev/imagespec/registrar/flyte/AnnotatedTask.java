package dev.imagespec.registrar.flyte;

import dev.imagespec.model.FlyteTask;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.Optional;
import java.util.Set;

/** A class with {@code @FlyteTask}. */
final class AnnotatedTask {
  private AnnotatedTask() {}

  /**
   * What a class defines; empty if it is no task of Flyte.
   *
   * @throws ImageSpecException if it has no project or domain, and nothing else names one
   */
  static Optional<TaskDefinition> of(Manifest manifest, Api api, Naming naming) {
    FlyteTask task = manifest.flyte();
    if (!task.isSet()) {
      return Optional.empty();
    }
    Naming.Own own = new Naming.Own("", task.project(), task.domain(), task.name(), task.version());
    Naming.Wrong wrong =
        (field, problem) ->
            new ImageSpecException(
                FailureCode.INVALID_MANIFEST,
                manifest.task()
                    + ", @FlyteTask"
                    + (field.isEmpty() ? "" : "." + field)
                    + ": "
                    + problem
                    + ".");
    TemplateForm form = new TemplateForm(api);
    return Optional.of(
        new TaskDefinition(
            manifest.task(),
            Set.of(manifest.task()),
            naming.name(own, wrong),
            naming.version(own, wrong),
            images ->
                form.of(
                    FlyteTemplate.of(manifest, images.reference(manifest.task()), api),
                    (at, problem) -> {
                      throw new IllegalStateException(manifest.task() + " " + at + ": " + problem);
                    })));
  }
}
