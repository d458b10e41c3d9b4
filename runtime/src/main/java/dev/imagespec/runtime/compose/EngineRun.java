package dev.imagespec.runtime.compose;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Step;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import java.util.List;

/** One run of an engine: environments that differ in their platform alone. */
record EngineRun(List<PlannedEnvironment> environments) {
  EngineRun {
    environments = List.copyOf(environments);
  }

  PlannedEnvironment first() {
    return environments.get(0);
  }

  /** The manifest of one of the tasks; the others' steps are the same. */
  Manifest manifest() {
    return first().spec().draft().manifest();
  }

  List<Step> steps() {
    return manifest().environment().steps();
  }

  List<Platform> platforms() {
    return environments.stream().map(planned -> planned.environment().platform()).toList();
  }

  /** Whether one build makes several environments. */
  boolean isTogether() {
    return environments.size() > 1;
  }

  /** The short names of the tasks. */
  String name() {
    List<String> names =
        environments.stream()
            .flatMap(planned -> planned.tasks().stream())
            .map(EngineRun::shortName)
            .distinct()
            .toList();
    return names.get(0) + (names.size() == 1 ? "" : " and " + (names.size() - 1) + " more");
  }

  /** The short name of the task whose manifest is used. */
  String firstTask() {
    return shortName(first().spec().draft().task());
  }

  private static String shortName(String task) {
    return task.substring(Math.max(task.lastIndexOf('.'), task.lastIndexOf('$')) + 1);
  }
}
