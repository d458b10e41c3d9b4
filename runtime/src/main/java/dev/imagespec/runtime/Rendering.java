package dev.imagespec.runtime;

import java.nio.file.Path;

/**
 * A text file in which names of task classes stand for their images, and the copy of it that has
 * the images.
 *
 * @param from the file to read
 * @param to the file to write
 * @param name the file to read as it was given, for people, records and JSON
 * @param output the file to write as it was given
 */
public record Rendering(Path from, Path to, String name, String output) {

  /** A rendering of files that have their paths as names. */
  public Rendering(Path from, Path to) {
    this(from, to, from.toString(), to.toString());
  }

  /** Parses {@code IN=OUT}; relative paths are relative to the given folder. */
  static Rendering parse(String text, Path base) {
    int equals = text.indexOf('=');
    String from = text.substring(0, Math.max(0, equals)).strip();
    String to = text.substring(equals + 1).strip();
    if (from.isEmpty() || to.isEmpty()) {
      throw new IllegalArgumentException(
          "a file to render is IN=OUT, such as k8s/report.yaml=target/report.yaml; this is \""
              + text
              + "\"");
    }
    Rendering rendering = new Rendering(base.resolve(from), base.resolve(to), from, to);
    if (rendering.from.normalize().equals(rendering.to.normalize())) {
      throw new IllegalArgumentException(
          "\"" + text + "\" would write over the file that it reads; name another file to write");
    }
    return rendering;
  }

  @Override
  public String toString() {
    return name + "=" + output;
  }
}
