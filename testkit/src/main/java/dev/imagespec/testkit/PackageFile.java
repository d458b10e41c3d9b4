package dev.imagespec.testkit;

/** A file of a Python package, as an index has it. */
public sealed interface PackageFile permits Wheel, SourceDistribution {
  /** The package's name. */
  String name();

  /** The package's version. */
  String version();

  /** The file's name. */
  String file();

  /** The content of the file: the same bytes for the same package. */
  byte[] bytes();
}
