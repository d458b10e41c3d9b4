package dev.imagespec.check;

/** Whether {@code java} can start a class. */
public enum MainMethod {
  /** It can, or nothing is known of the class. */
  RUNS,
  /** Java 25 and later can (JEP 512), but the compilation is for an earlier release. */
  RUNS_LATER,
  /** It cannot. */
  NONE
}
