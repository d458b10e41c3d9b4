package dev.imagespec.runtime.compose;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Marks the lines of the failed step among the last lines of an engine. */
final class FailedLines {
  private static final Pattern FAILED = Pattern.compile("#(\\d+) ERROR: .*");
  private static final String BUILDAH_FAILED = "building at STEP";

  /** Engines repeat whole commands, which may be long. The log keeps them in full. */
  private static final int WIDEST = 300;

  private FailedLines() {}

  /** The line with {@code > } before it if it belongs to the failed step, else with two spaces. */
  static String marked(String line, List<String> all) {
    Optional<String> vertex =
        all.stream()
            .map(FAILED::matcher)
            .filter(Matcher::matches)
            .map(matcher -> "#" + matcher.group(1) + " ")
            .reduce((first, second) -> second);
    boolean failed =
        vertex.isPresent() ? line.startsWith(vertex.get()) : line.contains(BUILDAH_FAILED);
    String shown = line.length() > WIDEST ? line.substring(0, WIDEST) + "…" : line;
    return (failed ? "> " : "  ") + shown;
  }
}
