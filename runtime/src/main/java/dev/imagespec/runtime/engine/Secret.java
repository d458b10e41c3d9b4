package dev.imagespec.runtime.engine;

import java.nio.file.Path;

/** A value that only steps may read. Its text form does not show it. */
public sealed interface Secret {
  /**
   * A file that contains the value.
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
