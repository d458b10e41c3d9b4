package dev.imagespec.runtime.catalog;

import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.TaskSource;

/**
 * A task class of a registration.
 *
 * @param manifest what it asks for
 * @param source where it comes from: its files and its class path
 */
public record Task(Manifest manifest, TaskSource source) {
  /** The class's binary name. */
  public String name() {
    return manifest.task();
  }
}
