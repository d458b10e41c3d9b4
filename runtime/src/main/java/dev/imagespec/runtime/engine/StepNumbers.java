package dev.imagespec.runtime.engine;

/** Finds out which step a line of an engine's output is about. */
sealed interface StepNumbers permits EnvironmentSteps, InstructionSteps {
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
        .<StepNumbers>map(own -> new InstructionSteps(own.instructions()))
        .orElseGet(() -> new EnvironmentSteps(build.steps()));
  }
}
