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
 * The files that a registration writes. What one part of it writes, another must not write over:
 * neither a file of the user that it reads, nor what it wrote before.
 */
final class WrittenFiles {
  private final Map<Path, String> uses = new HashMap<>();

  private WrittenFiles() {}

  /**
   * Checks that each file is written once, and that none of them is read.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if that is not so
   */
  static void check(Settings settings) {
    WrittenFiles files = new WrittenFiles();
    for (Definition definition : settings.definitions()) {
      files.read(definition.file(), "the definition " + definition);
    }
    for (Rendering rendering : settings.render()) {
      files.read(rendering.from(), "the file to render " + rendering.name());
    }
    files.written(settings.lock(), "the lock");
    settings.record().ifPresent(file -> files.written(file, "the record"));
    settings.report().ifPresent(file -> files.written(file, "the report"));
    for (Rendering rendering : settings.render()) {
      files.written(rendering.to(), "the copy of " + rendering.name());
    }
  }

  private void read(Path file, String use) {
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
