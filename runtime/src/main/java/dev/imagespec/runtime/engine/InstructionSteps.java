package dev.imagespec.runtime.engine;

import dev.imagespec.runtime.engine.EngineBuild.Instruction;
import java.util.List;

/** The instructions of a project's own Dockerfile. */
record InstructionSteps(List<Instruction> all) implements StepNumbers {
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
