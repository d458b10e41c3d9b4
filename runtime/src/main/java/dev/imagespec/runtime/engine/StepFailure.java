package dev.imagespec.runtime.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an engine's output as it arrives, to find out which step failed and why. Understands
 * BuildKit's plain output and buildah's.
 */
final class StepFailure implements EngineOutput {
  private static final int LAST = 20;

  /** Matches {@code #7 [linux/amd64 environment 3/4] RUN ...}. */
  private static final Pattern VERTEX =
      Pattern.compile("#(\\d+) \\[(?:\\S+ )?\\S+ +(\\d{1,6})/(\\d{1,6})\\] RUN .*");

  private static final Pattern VERTEX_FAILED = Pattern.compile("#(\\d+) ERROR: .*");
  private static final Pattern BUILDKIT_EXIT =
      Pattern.compile(
          ".*(?:executor failed running|did not complete successfully).*exit code: (\\d{1,6}).*");
  private static final Pattern BUILDAH_STEP = Pattern.compile("STEP \\d+/\\d+: RUN .*");
  private static final Pattern BUILDAH_EXIT =
      Pattern.compile(
          ".*building at STEP \"RUN.*: (?:while running runtime: )?exit status (\\d{1,6}).*");

  private final int steps;
  private final EngineOutput next;
  private final Map<String, Integer> vertexes = new HashMap<>();
  private final Deque<String> last = new ArrayDeque<>();
  private int buildahStep = -1;
  private int failedStep = -1;
  private int exitCode = -1;
  private boolean wrongFormat;
  private boolean full;

  /**
   * A reader.
   *
   * @param steps the number of RUN steps in the environment
   * @param next receives every line as well
   */
  StepFailure(int steps, EngineOutput next) {
    this.steps = steps;
    this.next = next;
  }

  @Override
  public synchronized void line(String text) {
    next.line(text);
    if (!text.isBlank()) {
      last.addLast(text.strip());
      if (last.size() > LAST) {
        last.removeFirst();
      }
    }
    wrongFormat |= text.contains("exec format error");
    full |= text.contains("no space left on device");
    Matcher vertex = VERTEX.matcher(text);
    if (vertex.matches()) {
      // The engine counts the base, too.
      int from = Integer.parseInt(vertex.group(3)) - steps;
      int step = Integer.parseInt(vertex.group(2)) - from - 1;
      if (!Integer.valueOf(step).equals(vertexes.put(vertex.group(1), step))) {
        next.step(step);
      }
    }
    Matcher failed = VERTEX_FAILED.matcher(text);
    if (failed.matches()) {
      failedStep = vertexes.getOrDefault(failed.group(1), failedStep);
    }
    if (BUILDAH_STEP.matcher(text).matches()) {
      buildahStep++;
      next.step(buildahStep);
    }
    Matcher exit = BUILDKIT_EXIT.matcher(text);
    if (exit.matches()) {
      exitCode = Integer.parseInt(exit.group(1));
    }
    Matcher buildah = BUILDAH_EXIT.matcher(text);
    if (buildah.matches()) {
      exitCode = Integer.parseInt(buildah.group(1));
      failedStep = buildahStep;
    }
  }

  /**
   * What went wrong, after the engine ended with an error.
   *
   * @param builder the builder's name
   */
  synchronized EngineException explain(String builder) {
    if (full) {
      return new EngineException(
          EngineException.Kind.BUILDER,
          builder + " has no space left on its device. Free some there, or name another builder.");
    }
    if (wrongFormat) {
      return new EngineException(
          EngineException.Kind.PLATFORM,
          builder
              + " cannot run programs of this platform. Install emulation for it (Debian:"
              + " qemu-user-static), or name a builder of that platform with imagespec.engine.builders.");
    }
    if (exitCode >= 0) {
      OptionalInt step =
          failedStep >= 0 && failedStep < steps ? OptionalInt.of(failedStep) : OptionalInt.empty();
      return new EngineException(
          EngineException.Kind.STEP, "it ended with exit code " + exitCode, step);
    }
    return new EngineException(
        EngineException.Kind.BUILDER,
        builder + " failed: " + (last.isEmpty() ? "it said nothing" : next.shown(last.getLast())));
  }
}
