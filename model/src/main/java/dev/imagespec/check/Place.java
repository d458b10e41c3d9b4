package dev.imagespec.check;

/** The place of a value: in an annotation in a source file, or in a manifest. */
@FunctionalInterface
public interface Place {
  /** The path of the attribute for messages, for example {@code env[1].name}. */
  String path();
}
