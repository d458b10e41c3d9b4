package dev.imagespec.runtime.resolve;

import dev.imagespec.json.Json;
import dev.imagespec.model.Step;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the steps of an environment execute, in order, with the content of everything that they
 * read. Steps that execute the same are equal, regardless of the order in which packages were
 * written and of the names of files.
 *
 * @param runs what each step executes
 * @param files files of the project that are there before the first step
 */
public record Steps(List<Run> runs, StepFiles files) {
  /** No steps. */
  public static final Steps NONE = new Steps(List.of());

  public Steps {
    runs = List.copyOf(runs);
  }

  /** Steps that need no file of the project. */
  public Steps(List<Run> runs) {
    this(runs, StepFiles.NONE);
  }

  /**
   * What one step executes.
   *
   * @param script the script for {@code /bin/sh}
   * @param mounts the values of RUN's {@code --mount} options
   * @param requirements the texts of the requirements file and of the files that it includes, by
   *     their names in a build context; empty if the step reads none
   */
  public record Run(String script, List<String> mounts, Map<String, String> requirements) {
    public Run {
      mounts = List.copyOf(mounts);
      requirements = Collections.unmodifiableMap(new TreeMap<>(requirements));
    }

    private Map<String, Object> toJson() {
      return Map.of("script", script, "mounts", mounts, "requirements", requirements);
    }
  }

  /**
   * What these steps execute.
   *
   * @param requirements the texts of the requirements file and of the files that it includes, by
   *     their names in a build context; empty if no step reads one
   * @param files files of the project that are there before the first step
   */
  static Steps of(List<Step> steps, Map<String, String> requirements, StepFiles files) {
    return new Steps(
        steps.stream()
            .map(
                step ->
                    new Run(
                        step.script(),
                        step.mounts(),
                        step instanceof Step.Pip ? requirements : Map.of()))
            .toList(),
        files);
  }

  /** Whether there are no steps. */
  public boolean isEmpty() {
    return runs.isEmpty();
  }

  /** The requirements files that a step reads, by their names in a build context. */
  public Map<String, String> requirements() {
    Map<String, String> files = new TreeMap<>();
    runs.forEach(run -> files.putAll(run.requirements()));
    return files;
  }

  /** The first step. Environments that share any leading steps share this one. */
  String first() {
    String first = Json.canonical(runs.stream().limit(1).map(Run::toJson).toList());
    return files.isEmpty() ? first : Json.canonical(files.toJson()) + first;
  }

  /** The JSON form that enters an environment's identity. */
  List<Map<String, Object>> toJson() {
    return runs.stream().map(Run::toJson).toList();
  }
}
