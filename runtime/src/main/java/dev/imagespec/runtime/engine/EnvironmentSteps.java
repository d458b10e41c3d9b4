package dev.imagespec.runtime.engine;

/** The RUN steps of an environment, which follow each other in one stage. */
record EnvironmentSteps(int count) implements StepNumbers {
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
