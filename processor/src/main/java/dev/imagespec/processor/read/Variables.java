package dev.imagespec.processor.read;

import dev.imagespec.check.Located;
import dev.imagespec.check.Spec;
import dev.imagespec.check.Spec.Env.Form;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Merges the variables of all annotations that apply to a class. The nearest value of a variable
 * replaces all farther ones; what a nearer annotation prepends comes in front of what there is.
 */
final class Variables {
  private final List<Spec.Env> all = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();

  private Variables() {}

  /**
   * The variables, each name once unless one annotation has it twice.
   *
   * @param annotations the {@code @Env}s of each annotation, the farthest first
   */
  static List<Spec.Env> merged(List<List<AnnotationReader>> annotations) {
    Variables variables = new Variables();
    annotations.forEach(variables::add);
    return List.copyOf(variables.all);
  }

  private void add(List<AnnotationReader> annotation) {
    Set<String> own = new LinkedHashSet<>();
    for (AnnotationReader reader : annotation) {
      Spec.Env env = env(reader);
      String name = env.name().value();
      Integer place = places.get(name);
      if (!own.add(name) || place == null) {
        all.add(env);
        places.put(name, all.size() - 1);
      } else {
        all.set(place, onTopOf(all.get(place), env));
      }
    }
  }

  private static Spec.Env env(AnnotationReader reader) {
    Located<String> prepend = reader.text("prepend");
    boolean prepends = !prepend.value().isEmpty();
    boolean hasValue = reader.isWritten("value");
    Form form =
        prepends ? (hasValue ? Form.BOTH : Form.PREPEND) : (hasValue ? Form.VALUE : Form.NOTHING);
    return new Spec.Env(reader.text("name"), prepends ? prepend : reader.text("value"), form);
  }

  /** What a nearer annotation makes of a variable. */
  private static Spec.Env onTopOf(Spec.Env far, Spec.Env near) {
    boolean adds =
        near.form() == Form.PREPEND && (far.form() == Form.PREPEND || far.form() == Form.VALUE);
    if (!adds) {
      return near;
    }
    Set<String> folders = new LinkedHashSet<>(List.of(near.text().value().split(":", -1)));
    if (!far.text().value().isEmpty()) {
      folders.addAll(List.of(far.text().value().split(":", -1)));
    }
    return new Spec.Env(
        near.name(), near.text().map(text -> String.join(":", folders)), far.form());
  }
}
