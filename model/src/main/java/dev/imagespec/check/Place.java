package dev.imagespec.check;

/** Where a value stands: in an annotation of a source file, or in a manifest. */
@FunctionalInterface
public interface Place {
  /** The path of the attribute, for messages: {@code env[1].name}. */
  String path();
}
