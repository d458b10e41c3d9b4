package dev.imagespec.runtime.catalog;

import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Namespace;
import dev.imagespec.runtime.TaskSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task class of a registration. Parses those texts of its manifest that are more than text: where
 * its image goes, and what the image is based on. Each is parsed only here, once.
 */
public final class Task {
  private final Manifest manifest;
  private final TaskSource source;
  private final List<String> notes;
  private final @Nullable Namespace registry;
  private final @Nullable ImageReference base;

  /**
   * A task.
   *
   * @param manifest its manifest; already checked
   * @param source its source: files and class path
   * @param notes notes for people about how it was found, one sentence each
   */
  public Task(Manifest manifest, TaskSource source, List<String> notes) {
    this.manifest = manifest;
    this.source = source;
    this.notes = List.copyOf(notes);
    registry = manifest.registry().isEmpty() ? null : Namespace.parse(manifest.registry());
    base =
        manifest.baseImage().isEmpty() || manifest.baseImage().equals(Manifest.SCRATCH)
            ? null
            : ImageReference.parse(manifest.baseImage());
  }

  /** This task with another manifest. */
  public Task with(Manifest other) {
    return other.equals(manifest) ? this : new Task(other, source, notes);
  }

  /** The task's manifest. */
  public Manifest manifest() {
    return manifest;
  }

  /** The task's source: files and class path. */
  public TaskSource source() {
    return source;
  }

  /** Notes for people about how it was found, one sentence each. */
  public List<String> notes() {
    return notes;
  }

  /** The class's binary name. */
  public String name() {
    return manifest.task();
  }

  /** The registry that its annotation names to push to; empty if the settings must name it. */
  public Optional<Namespace> registry() {
    return Optional.ofNullable(registry);
  }

  /** The base image; empty if it is {@code scratch} or another task's image. */
  public Optional<ImageReference> base() {
    return Optional.ofNullable(base);
  }
}
