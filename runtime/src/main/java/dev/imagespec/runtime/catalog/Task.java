package dev.imagespec.runtime.catalog;

import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.TaskSource;
import java.util.List;

/**
 * A task class of a registration.
 *
 * @param manifest what it asks for
 * @param source where it comes from: its files and its class path
 * @param notes what a person should know about how it was found; a sentence each
 */
public record Task(Manifest manifest, TaskSource source, List<String> notes) {
  public Task {
    notes = List.copyOf(notes);
  }

  /** The class's binary name. */
  public String name() {
    return manifest.task();
  }
}
