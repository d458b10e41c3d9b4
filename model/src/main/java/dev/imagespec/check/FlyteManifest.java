package dev.imagespec.check;

import dev.imagespec.model.FlyteTask;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Converts the {@code @FlyteTask} of a checked spec to the part of a manifest, and back. */
final class FlyteManifest {
  private FlyteManifest() {}

  /**
   * The part of the manifest.
   *
   * @param task the task class's binary name, which is the default of the task's name
   */
  static FlyteTask of(Spec.Flyte flyte, String task) {
    if (!flyte.isSet()) {
      return FlyteTask.NONE;
    }
    String name = flyte.name().value();
    return new FlyteTask(
        flyte.project().value(),
        flyte.domain().value(),
        name.isEmpty() ? task : name,
        flyte.version().value(),
        flyte.inputs().stream().map(FlyteManifest::of).toList(),
        flyte.outputs().stream().map(FlyteManifest::of).toList(),
        of(flyte.requests()),
        of(flyte.limits()),
        flyte.retries().value(),
        flyte.timeout().value(),
        flyte.interruptible().value(),
        new FlyteTask.Cache(
            flyte.cacheVersion().value(),
            flyte.cacheSerialize().value(),
            List.copyOf(
                new TreeSet<>(
                    flyte.cacheIgnoreInputVars().stream().map(Located::value).toList()))));
  }

  private static FlyteTask.Variable of(Spec.Flyte.Variable variable) {
    return new FlyteTask.Variable(
        variable.name().value(), variable.type(), variable.shape(), variable.description().value());
  }

  private static FlyteTask.Resources of(Spec.Flyte.Resources resources) {
    return new FlyteTask.Resources(
        resources.cpu().value(),
        resources.memory().value(),
        resources.gpu().value(),
        resources.ephemeralStorage().value());
  }

  /** The part of a manifest's spec. Its places have only paths. */
  static Spec.Flyte read(FlyteTask task) {
    if (!task.isSet()) {
      return Spec.Flyte.NONE;
    }
    return new Spec.Flyte(
        SpecManifest.at("@FlyteTask", task.name()),
        SpecManifest.at("flyte.project", task.project()),
        SpecManifest.at("flyte.domain", task.domain()),
        SpecManifest.at("flyte.name", task.name()),
        SpecManifest.at("flyte.version", task.version()),
        variables("flyte.inputs", task.inputs()),
        variables("flyte.outputs", task.outputs()),
        resources("flyte.requests.", task.requests()),
        resources("flyte.limits.", task.limits()),
        SpecManifest.at("flyte.retries", task.retries()),
        SpecManifest.at("flyte.timeout", task.timeout()),
        SpecManifest.at("flyte.interruptible", task.interruptible()),
        SpecManifest.at("flyte.cache.version", task.cache().version()),
        SpecManifest.at("flyte.cache.serialize", task.cache().serialize()),
        SpecManifest.at("flyte.cache.ignoreInputVars", task.cache().ignoreInputVars()));
  }

  private static List<Spec.Flyte.Variable> variables(
      String path, List<FlyteTask.Variable> variables) {
    List<Spec.Flyte.Variable> located = new ArrayList<>();
    for (FlyteTask.Variable variable : variables) {
      String at = path + "[" + located.size() + "].";
      located.add(
          new Spec.Flyte.Variable(
              SpecManifest.at(at + "name", variable.name()),
              variable.type(),
              variable.shape(),
              SpecManifest.at(at + "description", variable.description())));
    }
    return located;
  }

  private static Spec.Flyte.Resources resources(String path, FlyteTask.Resources resources) {
    return new Spec.Flyte.Resources(
        SpecManifest.at(path + "cpu", resources.cpu()),
        SpecManifest.at(path + "memory", resources.memory()),
        SpecManifest.at(path + "gpu", resources.gpu()),
        SpecManifest.at(path + "ephemeralStorage", resources.ephemeralStorage()));
  }
}
