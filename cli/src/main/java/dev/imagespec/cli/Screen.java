package dev.imagespec.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The terminal that stderr is.
 *
 * @param columns how many characters are in a line
 * @param rows how many lines it has
 * @param isColoured whether colours are wanted: not where {@code NO_COLOR} is set (no-color.org)
 */
record Screen(int columns, int rows, boolean isColoured) {
  private static final int COLUMNS = 80;
  private static final int ROWS = 24;
  private static final int FEWEST_COLUMNS = 20;
  private static final int FEWEST_ROWS = 3;
  private static final int PATIENCE_SECONDS = 10;
  private static final Path STDERR = Path.of("/proc/self/fd/2");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5}) (\\d{1,5})");

  /** The size, if stderr is a terminal: Java can ask neither. */
  private static final String[] ASK = {
    "/bin/sh", "-c", "test -t 2 && { stty size <&2 2>/dev/null || echo 0 0; }"
  };

  /**
   * The terminal, or nothing if stderr is none, or one on which lines cannot be drawn again.
   *
   * @param variables the process's environment
   */
  static Optional<Screen> ofStderr(Map<String, String> variables) {
    return canDraw(variables) ? size().map(size -> of(size, variables)) : Optional.empty();
  }

  /** Whether the kind of terminal can move its cursor. */
  static boolean canDraw(Map<String, String> variables) {
    String kind = variables.getOrDefault("TERM", "");
    return !kind.isEmpty() && !kind.equals("dumb");
  }

  /**
   * A terminal of a size.
   *
   * @param size rows and columns, as {@code stty size} prints them; the variables {@code LINES} and
   *     {@code COLUMNS} count where a terminal does not know them
   */
  static Screen of(String size, Map<String, String> variables) {
    Matcher numbers = SIZE.matcher(size);
    boolean isKnown = numbers.matches();
    return new Screen(
        Math.max(
            FEWEST_COLUMNS,
            known(isKnown ? numbers.group(2) : "0", variables.get("COLUMNS"), COLUMNS)),
        Math.max(
            FEWEST_ROWS, known(isKnown ? numbers.group(1) : "0", variables.get("LINES"), ROWS)),
        variables.getOrDefault("NO_COLOR", "").isEmpty());
  }

  private static int known(String asked, @Nullable String variable, int otherwise) {
    int number = Integer.parseInt(asked);
    if (number > 0) {
      return number;
    }
    return variable != null && variable.matches("[1-9]\\d{0,4}")
        ? Integer.parseInt(variable)
        : otherwise;
  }

  private static Optional<String> size() {
    if (isKnownToBeNone()) {
      return Optional.empty();
    }
    try {
      Process process =
          new ProcessBuilder(ASK)
              .redirectInput(ProcessBuilder.Redirect.PIPE)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      String size =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      return process.exitValue() == 0 ? Optional.of(size) : Optional.empty();
    } catch (IOException e) {
      // A system without a shell has no such terminal.
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Whether stderr is something else, such as a file: Linux says so without a process. */
  private static boolean isKnownToBeNone() {
    try {
      return !Files.readSymbolicLink(STDERR).startsWith("/dev");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
