package dev.imagespec.runtime.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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
      Pattern.compile(
          "#(\\d+) \\[(?:[^\\s/]*/\\S+ )?(?:([^\\s/]+) +)?(\\d{1,6})/(\\d{1,6})\\] (RUN|COPY|ADD) .*");

  private static final Pattern VERTEX_FAILED = Pattern.compile("#(\\d+) ERROR: .*");
  private static final Pattern BUILDKIT_EXIT =
      Pattern.compile(
          ".*(?:executor failed running|did not complete successfully).*exit code: (\\d{1,6}).*");
  private static final Pattern BUILDAH_STEP =
      Pattern.compile("(?:\\[(\\d{1,6})/\\d+\\] )?STEP (\\d{1,6})/\\d+: (RUN|COPY|ADD) .*");

  /** What buildah says of an instruction that runs no program. */
  private static final Pattern BUILDAH_OTHER =
      Pattern.compile(".*building at STEP \"(?:COPY|ADD) .*");

  private static final Pattern BUILDAH_EXIT =
      Pattern.compile(
          ".*building at STEP \"RUN.*: (?:while running runtime: )?exit status (\\d{1,6}).*");

  private final StepNumbers steps;
  private final EngineOutput next;
  private final Map<String, Integer> vertexes = new HashMap<>();
  private final Deque<String> last = new ArrayDeque<>();
  private int buildahStep = -1;
  private int failedStep = -1;
  private int exitCode = -1;
  private final Set<String> others = new HashSet<>();
  private boolean isOther;
  private boolean wrongFormat;
  private boolean full;

  /**
   * A reader.
   *
   * @param steps the steps of the build
   * @param next receives every line as well
   */
  StepFailure(StepNumbers steps, EngineOutput next) {
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
    if (vertex.matches() && isStep(vertex.group(5))) {
      int step =
          steps.ofBuildKit(
              Optional.ofNullable(vertex.group(2)).orElse(""),
              Integer.parseInt(vertex.group(3)),
              Integer.parseInt(vertex.group(4)));
      if (!Integer.valueOf(step).equals(vertexes.put(vertex.group(1), step))) {
        next.step(step);
      }
      if (!vertex.group(5).equals("RUN")) {
        others.add(vertex.group(1));
      }
    }
    Matcher failed = VERTEX_FAILED.matcher(text);
    if (failed.matches()) {
      failedStep = vertexes.getOrDefault(failed.group(1), failedStep);
      isOther |= others.contains(failed.group(1));
    }
    Matcher started = BUILDAH_STEP.matcher(text);
    if (started.matches() && isStep(started.group(3))) {
      buildahStep =
          steps.ofBuildah(
              Integer.parseInt(Optional.ofNullable(started.group(1)).orElse("1")),
              Integer.parseInt(started.group(2)),
              buildahStep);
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
    if (steps.hasOthers() && BUILDAH_OTHER.matcher(text).matches()) {
      failedStep = buildahStep;
      isOther = true;
    }
  }

  private boolean isStep(String keyword) {
    return steps.hasOthers() || keyword.equals("RUN");
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
    OptionalInt step =
        failedStep >= 0 && failedStep < steps.count()
            ? OptionalInt.of(failedStep)
            : OptionalInt.empty();
    if (exitCode >= 0) {
      return new EngineException(
          EngineException.Kind.STEP, "it ended with exit code " + exitCode, step);
    }
    String said = last.isEmpty() ? "it said nothing" : next.shown(last.getLast());
    return isOther
        ? new EngineException(EngineException.Kind.STEP, said, step)
        : new EngineException(EngineException.Kind.BUILDER, builder + " failed: " + said);
  }
}
