package dev.imagespec.runtime.catalog;

import dev.imagespec.model.Manifest;
import java.util.List;

/**
 * A manifest that was found.
 *
 * @param manifest the manifest
 * @param notes notes for people about it, one sentence each
 */
public record FoundManifest(Manifest manifest, List<String> notes) {
  public FoundManifest {
    notes = List.copyOf(notes);
  }
}
