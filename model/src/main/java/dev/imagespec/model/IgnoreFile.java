package dev.imagespec.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file with patterns of what to leave out, by the rules of Docker's {@code .dockerignore}: a
 * pattern a line, relative to the folder that it is for, with {@code !} in front of an exception;
 * the last line that matches a file, or a folder that it is in, decides. A line that starts with
 * {@code #} is a comment.
 */
public final class IgnoreFile {
  /** The name of the file that Docker reads by itself in a context. */
  public static final String NAME = ".dockerignore";

  /** Leaves out nothing. */
  public static final IgnoreFile NONE = new IgnoreFile(List.of());

  private static final int MOST_BYTES = 1 << 18;
  private static final int MOST_LINES = 5_000;

  private record Rule(FilePattern pattern, boolean isException) {}

  private final List<Rule> rules;

  private IgnoreFile(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Reads a file of a project.
   *
   * @param path its path, which stays inside the project directory
   * @throws IllegalArgumentException if it is missing, leads out of the project, is too large, is
   *     no text or has a wrong pattern; the message shows nothing of its content
   */
  public static IgnoreFile read(ProjectDirectory project, String path) {
    try {
      if (!project.isFile(path)) {
        throw new IllegalArgumentException(
            "there is no such file in the project directory; correct the path, or remove it");
      }
      if (!project.isInside(path)) {
        throw new IllegalArgumentException(
            "the file leads out of the project directory through a symbolic link");
      }
      byte[] bytes = project.read(path, MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IllegalArgumentException("an ignore file has at most 256 KiB");
      }
      return parse(decoded(bytes));
    } catch (IOException e) {
      throw new IllegalArgumentException("it cannot be read: " + IoReason.withoutPath(e), e);
    }
  }

  private static String decoded(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the file is not UTF-8", e);
    }
  }

  /**
   * Reads the text of one.
   *
   * @throws IllegalArgumentException if a pattern is wrong
   */
  static IgnoreFile parse(String text) {
    List<Rule> rules = new ArrayList<>();
    List<String> lines = text.lines().toList();
    if (lines.size() > MOST_LINES) {
      throw new IllegalArgumentException("an ignore file has at most " + MOST_LINES + " lines");
    }
    for (int n = 0; n < lines.size(); n++) {
      String line = lines.get(n);
      if (!line.startsWith("#") && !line.isBlank()) {
        try {
          rule(line.strip()).ifPresent(rules::add);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("line " + (n + 1) + ": " + e.getMessage(), e);
        }
      }
    }
    return new IgnoreFile(rules);
  }

  private static Optional<Rule> rule(String line) {
    boolean isException = line.startsWith("!");
    String pattern = isException ? line.substring(1).strip() : line;
    if (pattern.isEmpty()) {
      throw new IllegalArgumentException("a ! alone is no pattern");
    }
    // What leads out of the project matches nothing in it.
    return ProjectPath.normal(pattern)
        .filter(normal -> !normal.isEmpty())
        .map(normal -> new Rule(FilePattern.ofIgnoreFile(normal), isException));
  }

  /**
   * Whether a file or folder is left out.
   *
   * @param path its path in the folder that the ignore file is for
   */
  public boolean leavesOut(String path) {
    boolean isOut = false;
    for (Rule rule : rules) {
      // Only what would change the answer is looked at.
      if (rule.isException == isOut && rule.pattern.matches(path)) {
        isOut = !rule.isException;
      }
    }
    return isOut;
  }

  /** Whether it leaves out all that a folder may have. */
  public boolean leavesOutAllOf(String folder) {
    return leavesOut(folder)
        && rules.stream().noneMatch(rule -> rule.isException && rule.pattern.mayMatchBelow(folder));
  }

  /** Whether it leaves out nothing, whatever there is. */
  boolean isEmpty() {
    return rules.stream().allMatch(Rule::isException);
  }
}
