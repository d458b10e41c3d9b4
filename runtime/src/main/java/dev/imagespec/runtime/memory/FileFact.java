package dev.imagespec.runtime.memory;

import java.util.Optional;
import java.util.function.Function;

/**
 * Something to find out about a file from its content alone.
 *
 * @param name what it is; another name if what is found out changes
 * @param write the form in which it is kept: up to 120 printable characters of ASCII, no blank
 * @param read reads that form; empty for any other
 */
public record FileFact<T>(
    String name, Function<T, String> write, Function<String, Optional<T>> read) {

  /** Whether something is so. */
  public static FileFact<Boolean> ofFlag(String name) {
    return new FileFact<>(
        name,
        flag -> flag ? "yes" : "no",
        word ->
            switch (word) {
              case "yes" -> Optional.of(true);
              case "no" -> Optional.of(false);
              default -> Optional.empty();
            });
  }
}
