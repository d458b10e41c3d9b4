package dev.imagespec.model;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pattern of files below a folder. A file matches if its path does, or that of a folder that it
 * is in. The whole path has to match, from the folder on:
 *
 * <ul>
 *   <li>{@code *} is any text without {@code /}, possibly none; {@code ?} is one character except
 *       {@code /}.
 *   <li>{@code **} as a part of its own is any folders, or none: {@code **}{@code /*.yml} is in the
 *       folder itself and in folders below, {@code conf/**} is everything below {@code conf}.
 *   <li>{@code [a-z_]} is one of these characters, {@code [^a-z_]} one of the others, except {@code
 *       /}.
 *   <li>A backslash takes the next character as it is.
 *   <li>A slash at the end, and parts that are empty or {@code .}, say nothing.
 *   <li>Upper and lower case differ, on every machine.
 * </ul>
 *
 * <p>A file takes time in proportion to the lengths of its path and of the pattern at most.
 */
public final class FilePattern {
  /** The most characters that a pattern has. */
  public static final int LONGEST = 1_000;

  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:[/\\\\].*");

  private final String text;
  private final List<PatternToken> tokens;

  private FilePattern(String text, List<PatternToken> tokens) {
    this.text = text;
    this.tokens = List.copyOf(tokens);
  }

  /**
   * Reads a pattern of a spec.
   *
   * @throws IllegalArgumentException if it is wrong, or can match no file below a folder; the
   *     message says what to write
   */
  public static FilePattern parse(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("an empty pattern matches nothing; remove it");
    }
    if (!text.strip().equals(text)) {
      throw new IllegalArgumentException(
          "a pattern has no spaces around it; write \"" + text.strip() + "\"");
    }
    if (text.startsWith("!")) {
      throw new IllegalArgumentException(
          "a ! has its meaning in ignore files alone; write the pattern without it into include");
    }
    if (text.startsWith("/")) {
      String right = text.replaceFirst("^/+", "");
      throw new IllegalArgumentException(
          "a pattern is relative to the folder from"
              + (right.isEmpty() ? "" : "; write \"" + right + "\""));
    }
    if (DRIVE.matcher(text).matches()) {
      throw new IllegalArgumentException("a pattern is relative to the folder from, with /");
    }
    List<String> parts = List.of(text.split("/", -1));
    if (parts.contains("..")) {
      throw new IllegalArgumentException(
          "a pattern has no ..: nothing outside of the folder from is copied; write another from");
    }
    Optional<String> stars =
        parts.stream().filter(part -> part.contains("**") && !part.equals("**")).findFirst();
    if (stars.isPresent() && !stars.get().contains("\\")) {
      throw new IllegalArgumentException(
          "** stands for folders, alone between slashes; write \"**/"
              + stars.get().replaceAll("\\*{2,}", "*")
              + "\"");
    }
    String normal = ProjectPath.normal(text).orElse("");
    if (normal.isEmpty()) {
      throw new IllegalArgumentException("this is the folder itself; remove it");
    }
    return new FilePattern(text, tokens(normal));
  }

  /**
   * Reads a pattern of an ignore file, in which {@code **} may also stand beside other characters.
   *
   * @param normal the pattern without {@code !}, and without empty parts, {@code .} and {@code ..}
   * @throws IllegalArgumentException if it is wrong; the message does not quote it
   */
  static FilePattern ofIgnoreFile(String normal) {
    return new FilePattern(normal, tokens(normal));
  }

  /**
   * Reads a pattern of a single name, as COPY of a Dockerfile has it.
   *
   * @throws IllegalArgumentException if it is wrong; the message does not quote it
   */
  public static FilePattern ofName(String name) {
    return new FilePattern(name, tokens(name));
  }

  private static List<PatternToken> tokens(String pattern) {
    if (pattern.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a pattern has at most " + LONGEST + " characters; write several");
    }
    return new PatternReader(pattern.codePoints().toArray()).read();
  }

  /**
   * Whether a file matches, by its own path or by a folder that it is in.
   *
   * @param path its path below the folder that the pattern is for
   */
  public boolean matches(String path) {
    BitSet states = start();
    int[] characters = path.codePoints().toArray();
    for (int c : characters) {
      if (c == '/' && isEnd(states)) {
        return true;
      }
      states = after(states, c);
      if (states.isEmpty()) {
        return false;
      }
    }
    return isEnd(states);
  }

  /** Whether some file in a folder could match. */
  public boolean mayMatchBelow(String folder) {
    if (folder.isEmpty() || matches(folder)) {
      return true;
    }
    BitSet states = start();
    for (int c : (folder + "/").codePoints().toArray()) {
      states = after(states, c);
    }
    return !states.isEmpty();
  }

  /**
   * A token is at its start in state {@code 2 * i}, and amid {@link PatternToken.Folders} in the
   * next.
   */
  private BitSet start() {
    BitSet states = new BitSet(2 * tokens.size() + 1);
    reach(0, states);
    return states;
  }

  private boolean isEnd(BitSet states) {
    return states.get(2 * tokens.size());
  }

  private void reach(int token, BitSet states) {
    int i = token;
    states.set(2 * i);
    while (i < tokens.size() && !(tokens.get(i) instanceof PatternToken.One)) {
      i++;
      states.set(2 * i);
    }
  }

  private BitSet after(BitSet states, int c) {
    BitSet next = new BitSet(2 * tokens.size() + 1);
    for (int state = states.nextSetBit(0); state >= 0; state = states.nextSetBit(state + 1)) {
      int i = state / 2;
      if (i == tokens.size()) {
        continue;
      }
      PatternToken token = tokens.get(i);
      if (token instanceof PatternToken.One one) {
        if (one.takes(c)) {
          reach(i + 1, next);
        }
      } else if (token instanceof PatternToken.Any any) {
        if (any.slashes() || c != '/') {
          reach(i, next);
        }
      } else {
        next.set(2 * i + 1);
        if (c == '/') {
          reach(i + 1, next);
        }
      }
    }
    return next;
  }

  @Override
  public String toString() {
    return text;
  }
}
