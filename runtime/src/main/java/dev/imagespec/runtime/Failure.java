package dev.imagespec.runtime;

import java.util.List;

/**
 * Tasks that have no image, and why.
 *
 * @param tasks binary names of the task classes
 * @param repository the repository that the image was meant for, or empty
 * @param code the kind of failure
 * @param message what happened, where, and the next step
 */
public record Failure(List<String> tasks, String repository, FailureCode code, String message) {
  public Failure {
    tasks = List.copyOf(tasks);
  }
}
