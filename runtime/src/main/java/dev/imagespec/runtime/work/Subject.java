package dev.imagespec.runtime.work;

import dev.imagespec.model.Repository;
import java.util.Collection;
import java.util.List;

/**
 * What a piece of work is for.
 *
 * @param tasks binary names of the task classes
 * @param repository the repository of their image
 */
public record Subject(List<String> tasks, Repository repository) {
  public Subject {
    tasks = List.copyOf(tasks);
  }

  /** The tasks of all these subjects, with the repository of the first. */
  public static Subject of(Collection<Subject> subjects) {
    return new Subject(
        subjects.stream().flatMap(subject -> subject.tasks().stream()).distinct().toList(),
        subjects.iterator().next().repository());
  }
}
