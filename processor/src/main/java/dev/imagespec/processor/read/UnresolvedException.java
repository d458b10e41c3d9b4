package dev.imagespec.processor.read;

/**
 * Thrown for a value that the compiler does not have (yet): a constant in a class that another
 * processor generates, or one that does not exist. The compiler itself reports the latter.
 */
public final class UnresolvedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnresolvedException() {
    super("an annotation's value is not resolved", null, false, false);
  }
}
