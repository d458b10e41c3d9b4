package dev.imagespec.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Paths as specs write them: with {@code /} between folders, whatever the machine. */
public final class ProjectPath {
  private ProjectPath() {}

  /**
   * The shortest form of a relative path: without empty parts, {@code .} and {@code ..}. It is
   * empty for the folder that the path starts from.
   *
   * @return nothing if the path leads out of that folder
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
