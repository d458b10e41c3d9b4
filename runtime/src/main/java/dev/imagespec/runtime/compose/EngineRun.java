package dev.imagespec.runtime.compose;

import dev.imagespec.check.MaskedText;
import dev.imagespec.dockerfile.OwnDockerfile;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Printable;
import dev.imagespec.model.Step;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.resolve.Recipe;
import java.util.List;
import java.util.Optional;

/** One run of an engine: environments that differ in their platform alone. */
record EngineRun(List<PlannedEnvironment> environments) {
  /** How much of an instruction is shown, in characters. */
  private static final int SHOWN = 80;

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

  /** What each step does, for people. */
  List<String> stepNames() {
    return recipe()
        .map(recipe -> recipe.dockerfile().steps().stream().map(EngineRun::shown).toList())
        .orElseGet(() -> steps().stream().map(Step::attribute).toList());
  }

  private static String shown(OwnDockerfile.Instruction instruction) {
    return Printable.start(Printable.line(MaskedText.of(instruction.text())), SHOWN);
  }

  /** What a Dockerfile of the project builds; empty if steps run. */
  Optional<Recipe> recipe() {
    return first().spec().draft().recipe();
  }

  /**
   * A step, for a message.
   *
   * @param index the step, from 0
   * @param lines the last lines of the engine's output
   */
  String culprit(int index, List<String> lines) {
    if (recipe().isEmpty()) {
      return Culprit.of(steps().get(index), lines) + " of " + firstTask();
    }
    OwnDockerfile.Instruction failed = recipe().get().dockerfile().steps().get(index);
    return "line "
        + failed.line()
        + " of "
        + recipe().get().declared().path()
        + " ("
        + shown(failed)
        + ")";
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
