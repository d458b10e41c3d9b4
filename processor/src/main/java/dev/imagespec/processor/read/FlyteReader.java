package dev.imagespec.processor.read;

import dev.imagespec.check.Spec;
import dev.imagespec.model.FlyteTask;
import java.util.Optional;
import javax.lang.model.element.Element;

/** Reads {@code @FlyteTask}. */
final class FlyteReader {
  private static final Optional<String> BY_NAME = Optional.of("name");

  private FlyteReader() {}

  /**
   * What all annotations together say.
   *
   * @param element the class that they apply to
   */
  static Spec.Flyte read(Layers layers, Element element) {
    if (layers.isEmpty()) {
      return Spec.Flyte.NONE;
    }
    return new Spec.Flyte(
        layers.nearest().whole(element.getSimpleName().toString()),
        layers.one("project", reader -> reader.text("project")),
        layers.one("domain", reader -> reader.text("domain")),
        layers.one("name", reader -> reader.text("name")),
        layers.one("version", reader -> reader.text("version")),
        layers.nested("inputs", BY_NAME).stream().map(FlyteReader::input).toList(),
        layers.nested("outputs", BY_NAME).stream()
            .map(output -> variable(output, FlyteTask.Shape.VALUE))
            .toList(),
        resources(layers, "requests"),
        resources(layers, "limits"),
        layers.one("retries", reader -> reader.number("retries")),
        layers.one("timeout", reader -> reader.number("timeout")),
        layers.one("interruptible", reader -> reader.flag("interruptible")),
        layers.one("cacheVersion", reader -> reader.text("cacheVersion")),
        layers.one("cacheSerialize", reader -> reader.flag("cacheSerialize")),
        layers.all("cacheIgnoreInputVars"));
  }

  private static Spec.Flyte.Variable input(AnnotationReader input) {
    return variable(input, FlyteTask.Shape.valueOf(input.constant("shape").value()));
  }

  private static Spec.Flyte.Variable variable(AnnotationReader variable, FlyteTask.Shape shape) {
    return new Spec.Flyte.Variable(
        variable.text("name"),
        FlyteTask.Type.valueOf(variable.constant("type").value()),
        shape,
        variable.text("description"));
  }

  /**
   * Repeats the defaults of {@code @Resources}, as {@code SpecReader} does of {@code @Repository}.
   */
  private static Spec.Flyte.Resources resources(Layers layers, String name) {
    Layers resources = layers.inside(name);
    if (resources.isEmpty()) {
      AnnotationReader task = layers.nearest();
      return new Spec.Flyte.Resources(
          task.unset(name + ".cpu", ""),
          task.unset(name + ".memory", ""),
          task.unset(name + ".gpu", 0),
          task.unset(name + ".ephemeralStorage", ""));
    }
    return new Spec.Flyte.Resources(
        resources.one("cpu", reader -> reader.text("cpu")),
        resources.one("memory", reader -> reader.text("memory")),
        resources.one("gpu", reader -> reader.number("gpu")),
        resources.one("ephemeralStorage", reader -> reader.text("ephemeralStorage")));
  }
}
