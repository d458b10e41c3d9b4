package dev.imagespec.runtime.python;

import dev.imagespec.model.PythonMarker;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The Python program that a step runs before it installs a lock: it fails if the image has another
 * Python than the lock is for. Not every base says which Python it has.
 */
public final class LockCheckScript {
  private static final String PROGRAM = "check.py";

  private LockCheckScript() {}

  /** The program's text for a lock. */
  public static String of(PythonLock lock) {
    return "REQUIRES = "
        + texts(lock.requiresPython().stream().sorted().toList())
        + "\nENVIRONMENTS = ["
        + lock.environments().stream()
            .sorted((a, b) -> a.toString().compareTo(b.toString()))
            .map(LockCheckScript::alternatives)
            .collect(Collectors.joining(", "))
        + "]\n"
        + program();
  }

  private static String alternatives(PythonMarker marker) {
    return marker.alternatives().stream()
        .map(
            all ->
                all.stream()
                    .map(
                        condition ->
                            "("
                                + String.join(
                                    ", ",
                                    literal(condition.variable()),
                                    literal(condition.operator()),
                                    literal(condition.value()))
                                + ")")
                    .collect(Collectors.joining(", ", "[", "]")))
        .sorted()
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String texts(List<String> texts) {
    return texts.stream().map(LockCheckScript::literal).collect(Collectors.joining(", ", "[", "]"));
  }

  /** The reader of locks lets no text with quotes or backslashes through. */
  private static String literal(String text) {
    if (!text.matches("[A-Za-z0-9_.*+,!<>=~ -]*")) {
      throw new IllegalArgumentException("\"" + text + "\" is no plain text");
    }
    return "'" + text + "'";
  }

  private static String program() {
    try (InputStream in =
        Objects.requireNonNull(LockCheckScript.class.getResourceAsStream(PROGRAM), PROGRAM)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
