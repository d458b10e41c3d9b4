package dev.imagespec.runtime.work;

import dev.imagespec.model.Repository;
import java.util.Collection;
import java.util.List;

/**
 * What a piece of work is for.
 *
 * @param tasks binary names of the task classes
 * @param repository where their image goes
 */
public record Subject(List<String> tasks, Repository repository) {
  public Subject {
    tasks = List.copyOf(tasks);
  }

  /** The tasks of all of these, in the repository of the first. */
  public static Subject of(Collection<Subject> subjects) {
    return new Subject(
        subjects.stream().flatMap(subject -> subject.tasks().stream()).distinct().toList(),
        subjects.iterator().next().repository());
  }
}
