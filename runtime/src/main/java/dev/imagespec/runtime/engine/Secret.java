package dev.imagespec.runtime.engine;

import java.nio.file.Path;

/** A value that steps may read and nobody else. Its text form does not show it. */
public sealed interface Secret {
  /**
   * A file that holds it.
   *
   * @param path the file
   */
  record OfFile(Path path) implements Secret {}

  /**
   * The value itself.
   *
   * @param value the value; without NUL
   */
  record OfValue(String value) implements Secret {
    @Override
    public String toString() {
      return "Secret[hidden]";
    }
  }
}
