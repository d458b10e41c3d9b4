package dev.imagespec.model;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@code .dockerignore} keeps out of a folder, by Docker's rules: the last pattern that fits
 * a path, or a folder that it is in, decides, and {@code !} lets in again.
 */
public final class IgnoreFile {
  /** The name of the file in the folder. */
  public static final String NAME = ".dockerignore";

  /** The largest file that is read, in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  private static final int MOST = 5_000;

  /** No file: everything stays. */
  public static final IgnoreFile NONE = new IgnoreFile(List.of());

  private final List<Rule> rules;

  /** One line. */
  private record Rule(PathPattern pattern, List<String> folders, boolean letsIn) {}

  private IgnoreFile(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Reads the text of a file.
   *
   * @throws IllegalArgumentException if it has more patterns than anybody writes
   */
  public static IgnoreFile parse(String text) {
    List<Rule> rules = new ArrayList<>();
    String all = text.startsWith("\uFEFF") ? text.substring(1) : text;
    for (String line : all.split("\r?\n", -1)) {
      String pattern = line.startsWith("#") ? "" : line.strip();
      boolean letsIn = pattern.startsWith("!");
      String path = ProjectPath.normal(letsIn ? pattern.substring(1).strip() : pattern).orElse("");
      if (!path.isEmpty()) {
        rules.add(new Rule(PathPattern.of(path), List.of(path.split("/", -1)), letsIn));
      }
    }
    if (rules.size() > MOST) {
      throw new IllegalArgumentException("it has more than " + MOST + " patterns");
    }
    return rules.isEmpty() ? NONE : new IgnoreFile(rules);
  }

  /**
   * Whether a file or folder stays out.
   *
   * @param path its path relative to the folder, without {@code .} and {@code ..}
   */
  public boolean excludes(String path) {
    boolean isOut = false;
    for (Rule rule : rules) {
      if (rule.letsIn() == isOut && fits(rule, path)) {
        isOut = !rule.letsIn();
      }
    }
    return isOut;
  }

  /** Whether everything in a folder stays out, so that nobody has to look into it. */
  public boolean excludesAllIn(String folder) {
    return excludes(folder)
        && rules.stream().filter(Rule::letsIn).noneMatch(rule -> mayFitBelow(rule, folder));
  }

  private static boolean fits(Rule rule, String path) {
    if (rule.pattern().matches(path)) {
      return true;
    }
    for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      if (rule.pattern().matches(path.substring(0, end))) {
        return true;
      }
    }
    return false;
  }

  private static boolean mayFitBelow(Rule rule, String folder) {
    String[] names = folder.split("/", -1);
    for (int i = 0; i < names.length && i < rule.folders().size(); i++) {
      String part = rule.folders().get(i);
      if (part.contains("**")) {
        return true;
      }
      if (!PathPattern.of(part).matches(names[i])) {
        return false;
      }
    }
    return true;
  }
}
