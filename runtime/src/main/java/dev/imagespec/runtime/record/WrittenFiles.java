package dev.imagespec.runtime.record;

import dev.imagespec.runtime.Definition;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Rendering;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.work.AtomicFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The files that a registration renders: none of them may replace another file that it reads or
 * writes, also through a link.
 */
final class WrittenFiles {
  private final Map<Path, String> uses = new HashMap<>();

  private WrittenFiles() {}

  /**
   * Checks that each rendered file is one of its own.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if that is not so
   */
  static void check(Settings settings) {
    WrittenFiles files = new WrittenFiles();
    for (Definition definition : settings.definitions()) {
      files.taken(definition.file(), "the definition " + definition);
    }
    for (Rendering rendering : settings.render()) {
      files.taken(rendering.from(), "the file to render " + rendering.name());
    }
    files.taken(settings.projectDir().resolve("imagespec.properties"), "the settings");
    files.taken(settings.lock(), "the lock");
    settings.record().ifPresent(file -> files.taken(file, "the record"));
    settings.report().ifPresent(file -> files.taken(file, "the report"));
    for (Rendering rendering : settings.render()) {
      files.written(rendering.to(), "the copy of " + rendering.name());
    }
  }

  private void taken(Path file, String use) {
    uses.put(AtomicFile.real(file), use);
  }

  private void written(Path file, String use) {
    String other = uses.put(AtomicFile.real(file), use);
    if (other != null) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          file + " cannot be both " + other + " and " + use + "; name another file for one.");
    }
  }
}
