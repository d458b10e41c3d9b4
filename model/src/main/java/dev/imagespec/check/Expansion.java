package dev.imagespec.check;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what a shell would expand, in texts that no shell reads. */
final class Expansion {
  /** A variable of the environment, which has upper-case letters by custom. */
  static final Pattern VARIABLE =
      Pattern.compile("\\$(?:[A-Z_][A-Z0-9_]+\\b|\\{[A-Z_][A-Z0-9_]*(?::?[-+?=][^}]*)?\\})");

  private static final Pattern HOME = Pattern.compile("^~[a-z_][a-z0-9_-]*(?=/)|^~(?=/|$)");
  private static final Pattern PATTERN = Pattern.compile("[*?]|\\[[^\\]]+\\]|\\{[^{},]*,[^{}]*\\}");

  private Expansion() {}

  /** The part of a path that is a variable or a home folder, to a shell. */
  static Optional<String> inPath(String path) {
    return first(HOME, path).or(() -> first(VARIABLE, path));
  }

  /** The part of a path that is a pattern of names, to a shell. */
  static Optional<String> pattern(String path) {
    return first(PATTERN, path);
  }

  private static Optional<String> first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
  }
}
