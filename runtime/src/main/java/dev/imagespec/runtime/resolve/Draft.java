package dev.imagespec.runtime.resolve;

import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.catalog.Task;
import dev.imagespec.runtime.python.PythonLock;
import dev.imagespec.runtime.work.Subject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a task's image that is known without asking a registry.
 *
 * @param origin the task, and where it comes from
 * @param target the repository to push to, after applying settings
 * @param steps the steps to run on the base
 * @param layers the payload's layers, lowest first
 * @param config what the payload sets in the configuration
 * @param lock the lock of Python packages that the steps install, or {@link PythonLock#NONE}
 * @param own what a Dockerfile of the project builds, to be the base; null without one
 */
public record Draft(
    Task origin,
    Repository target,
    Steps steps,
    List<Layer> layers,
    PayloadConfig config,
    PythonLock lock,
    @Nullable Recipe own) {

  /** A draft of an image whose steps install no lock, without a Dockerfile of the project. */
  public Draft(
      Task origin, Repository target, Steps steps, List<Layer> layers, PayloadConfig config) {
    this(origin, target, steps, layers, config, PythonLock.NONE, null);
  }

  /** The task's manifest. */
  public Manifest manifest() {
    return origin.manifest();
  }

  /** The base image; empty if it is {@code scratch} or another task's image. */
  public Optional<ImageReference> base() {
    return origin.base();
  }

  /** What a Dockerfile of the project builds, to be the base. */
  public Optional<Recipe> recipe() {
    return Optional.ofNullable(own);
  }

  /** The images that references name, which it stands on. */
  public List<ImageReference> bases() {
    return own == null ? base().stream().toList() : own.dockerfile().references();
  }

  /** Whether an engine builds what its image stands on. */
  public boolean hasEnvironment() {
    return own != null || !steps.isEmpty();
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
