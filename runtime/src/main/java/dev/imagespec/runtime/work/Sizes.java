package dev.imagespec.runtime.work;

/** Adds sizes that others state, and which may be any number. */
public final class Sizes {
  private Sizes() {}

  /** The sum of two sizes that are not negative; the largest number if it is larger than that. */
  public static long sum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
