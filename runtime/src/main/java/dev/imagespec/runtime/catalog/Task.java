package dev.imagespec.runtime.catalog;

import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Namespace;
import dev.imagespec.runtime.TaskSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task class of a registration. What its manifest has as texts, and is more than text, becomes a
 * value here, once: where its image goes, and what it starts from.
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
   * @param manifest what it asks for; checked
   * @param source where it comes from: its files and its class path
   * @param notes what a person should know about how it was found; a sentence each
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

  /** What it asks for. */
  public Manifest manifest() {
    return manifest;
  }

  /** Where it comes from: its files and its class path. */
  public TaskSource source() {
    return source;
  }

  /** What a person should know about how it was found; a sentence each. */
  public List<String> notes() {
    return notes;
  }

  /** The class's binary name. */
  public String name() {
    return manifest.task();
  }

  /** Where its annotation has its image pushed to; empty if settings are to say it. */
  public Optional<Namespace> registry() {
    return Optional.ofNullable(registry);
  }

  /** The base image; empty for {@code scratch} and for another task's image. */
  public Optional<ImageReference> base() {
    return Optional.ofNullable(base);
  }
}
