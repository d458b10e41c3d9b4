package dev.imagespec.runtime.compose;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.engine.EngineException;
import java.util.List;
import java.util.OptionalInt;

/** What a user is told when an engine fails: the step, its task, the cause and the last lines. */
final class EngineFailure {
  private EngineFailure() {}

  static ImageSpecException of(EngineRun run, EngineException e, EngineLog output) {
    boolean isStep = e.kind() == EngineException.Kind.STEP;
    List<String> last = output.last();
    StringBuilder text = new StringBuilder("The environment of ").append(run.name());
    OptionalInt step = e.step();
    if (isStep && step.isPresent()) {
      text.append(" fails at ")
          .append(run.culprit(step.getAsInt(), last))
          .append(": ")
          .append(e.getMessage())
          .append(e.getMessage().endsWith(".") ? " " : ". ")
          .append(OtherFiles.in(last).orElse("Correct it and register again"))
          .append('.');
    } else {
      text.append(isStep ? " fails: " : " cannot be built: ").append(e.getMessage());
      text.append(e.getMessage().endsWith(".") ? "" : ".");
    }
    if (e.kind() != EngineException.Kind.PLATFORM && !last.isEmpty()) {
      text.append("\nThe engine's last lines (all of them in ").append(output.file()).append("):");
      last.forEach(line -> text.append("\n  ").append(FailedLines.marked(line, last)));
    }
    return new ImageSpecException(isStep ? FailureCode.STEP : FailureCode.ENGINE, text.toString());
  }
}
