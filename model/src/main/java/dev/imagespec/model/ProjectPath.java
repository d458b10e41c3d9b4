package dev.imagespec.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Paths in specs, which use {@code /} on every machine. */
public final class ProjectPath {
  private ProjectPath() {}

  /**
   * Normalizes a relative path: removes empty parts, {@code .} and {@code ..}. The result is the
   * empty text for the starting folder itself.
   *
   * @return the path, or nothing if it leads out of the starting folder
   */
  public static Optional<String> normal(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        if (parts.pollLast() == null) {
          return Optional.empty();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return Optional.of(String.join("/", parts));
  }
}
