package dev.imagespec.runtime.engine;

import dev.imagespec.runtime.engine.EngineBuild.Instruction;
import java.util.List;

/** Finds out which step a line of an engine's output is about. */
sealed interface StepNumbers {
  /** No step that is known. */
  int NONE = -1;

  /** How many steps there are. */
  int count();

  /**
   * The step of a line of BuildKit.
   *
   * @param stage the stage's name, or empty
   * @param number the instruction's number in its stage, from 1
   * @param total the number of instructions that BuildKit counts in the stage
   */
  int ofBuildKit(String stage, int number, int total);

  /**
   * The step of a line of buildah.
   *
   * @param stage the stage's number, from 1
   * @param number the instruction's number in its stage, from 1
   * @param before the step before it
   */
  int ofBuildah(int stage, int number, int before);

  /** Whether an instruction that is no RUN is a step, too. */
  boolean hasOthers();

  static StepNumbers of(EngineBuild build) {
    return build
        .own()
        .<StepNumbers>map(own -> new OfInstructions(own.instructions()))
        .orElseGet(() -> new OfEnvironment(build.steps()));
  }

  /** The RUN steps of an environment, which follow each other in one stage. */
  record OfEnvironment(int count) implements StepNumbers {
    @Override
    public int ofBuildKit(String stage, int number, int total) {
      // The engine counts the base, too.
      return number - (total - count) - 1;
    }

    @Override
    public int ofBuildah(int stage, int number, int before) {
      return before + 1;
    }

    @Override
    public boolean hasOthers() {
      return false;
    }
  }

  /** The instructions of a project's own Dockerfile. */
  record OfInstructions(List<Instruction> all) implements StepNumbers {
    @Override
    public int count() {
      return all.size();
    }

    @Override
    public int ofBuildKit(String stage, int number, int total) {
      for (int i = 0; i < all.size(); i++) {
        if (all.get(i).stageName().equals(stage) && all.get(i).number() == number) {
          return i;
        }
      }
      return NONE;
    }

    @Override
    public int ofBuildah(int stage, int number, int before) {
      for (int i = 0; i < all.size(); i++) {
        if (all.get(i).stage() == stage - 1 && all.get(i).position() == number) {
          return i;
        }
      }
      return NONE;
    }

    @Override
    public boolean hasOthers() {
      return true;
    }
  }
}
