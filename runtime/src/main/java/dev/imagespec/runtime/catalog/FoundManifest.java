package dev.imagespec.runtime.catalog;

import dev.imagespec.model.Manifest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A manifest that was found.
 *
 * @param manifest the manifest
 * @param jar the jar that it is in; empty if it is in a folder
 * @param notes notes for people about it, one sentence each
 */
public record FoundManifest(Manifest manifest, Optional<Path> jar, List<String> notes) {
  public FoundManifest {
    notes = List.copyOf(notes);
  }
}
