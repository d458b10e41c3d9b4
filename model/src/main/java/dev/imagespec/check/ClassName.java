package dev.imagespec.check;

import java.util.Arrays;

/**
 * The name of a class that an attribute refers to.
 *
 * @param binary the binary name, as in class files; empty if the attribute refers to no class
 * @param source the name as in source code, for messages
 */
public record ClassName(String binary, String source) {
  /** No class. */
  public static final ClassName NONE = new ClassName("", "");

  /** A class of which only the binary name is known. */
  public static ClassName ofBinary(String name) {
    return new ClassName(name, name);
  }

  /** Whether the attribute refers to no class. */
  public boolean isEmpty() {
    return binary.isEmpty();
  }

  /** Whether the binary name is well formed: identifiers separated by dots. */
  boolean isBinaryName() {
    return !binary.matches(".*\\.(?:class|java|kt|scala|groovy)")
        && Arrays.stream(binary.split("\\.", -1)).allMatch(ClassName::isIdentifier);
  }

  private static boolean isIdentifier(String text) {
    return !text.isEmpty()
        && Character.isJavaIdentifierStart(text.codePointAt(0))
        && text.codePoints().allMatch(Character::isJavaIdentifierPart);
  }

  @Override
  public String toString() {
    return source;
  }
}
