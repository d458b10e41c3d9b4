package dev.imagespec.processor.read;

/**
 * A value that the compiler cannot give yet: a constant of a class that another processor makes, or
 * one that does not exist, which the compiler itself reports.
 */
public final class UnresolvedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnresolvedException() {
    super("an annotation's value is not resolved", null, false, false);
  }
}
