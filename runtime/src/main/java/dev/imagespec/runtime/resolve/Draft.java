package dev.imagespec.runtime.resolve;

import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.catalog.Task;
import dev.imagespec.runtime.python.PythonLock;
import dev.imagespec.runtime.work.Subject;
import java.util.List;
import java.util.Optional;

/**
 * Everything about a task's image that is known without asking a registry.
 *
 * @param origin the task, and where it comes from
 * @param target the repository to push to, after applying settings
 * @param steps the steps to run on the base
 * @param layers the payload's layers, lowest first
 * @param config what the payload sets in the configuration
 * @param lock the lock of Python packages that the steps install, or {@link PythonLock#NONE}
 */
public record Draft(
    Task origin,
    Repository target,
    Steps steps,
    List<Layer> layers,
    PayloadConfig config,
    PythonLock lock) {

  /** A draft of an image whose steps install no lock. */
  public Draft(
      Task origin, Repository target, Steps steps, List<Layer> layers, PayloadConfig config) {
    this(origin, target, steps, layers, config, PythonLock.NONE);
  }

  /** The task's manifest. */
  public Manifest manifest() {
    return origin.manifest();
  }

  /** The base image; empty if it is {@code scratch} or another task's image. */
  public Optional<ImageReference> base() {
    return origin.base();
  }

  /** The task class's binary name. */
  public String task() {
    return origin.name();
  }

  /** The subject of work on its image. */
  public Subject subject() {
    return new Subject(List.of(task()), target);
  }
}
