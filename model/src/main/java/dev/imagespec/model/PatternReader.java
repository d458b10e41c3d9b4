package dev.imagespec.model;

import java.util.ArrayList;
import java.util.List;

/** Takes the text of a {@link FilePattern} apart. */
final class PatternReader {
  private final int[] text;
  private final List<PatternToken> tokens = new ArrayList<>();
  private int at;

  PatternReader(int[] text) {
    this.text = text;
  }

  List<PatternToken> read() {
    while (at < text.length) {
      int c = text[at++];
      switch (c) {
        case '*' -> stars();
        case '?' -> tokens.add(new PatternToken.One(List.of(), true));
        case '[' -> tokens.add(oneOf());
        case '\\' ->
            tokens.add(
                literal(next("a \\ takes the next character as it is; write \\\\ for itself")));
        default -> tokens.add(literal(c));
      }
    }
    return tokens;
  }

  private void stars() {
    if (!isNext('*')) {
      tokens.add(new PatternToken.Any(false));
      return;
    }
    boolean first = at == 1;
    at++;
    boolean isWhole = isNext('/');
    if (isWhole) {
      at++;
    }
    // At the start and before plain text, Docker takes any text that ends so.
    boolean isSuffix = first && !isWhole && isPlainFrom(at);
    tokens.add(
        at == text.length || isSuffix ? new PatternToken.Any(true) : new PatternToken.Folders());
  }

  private boolean isPlainFrom(int start) {
    for (int i = start; i < text.length; i++) {
      if ("*?[]\\".indexOf(text[i]) >= 0) {
        return false;
      }
    }
    return true;
  }

  private PatternToken oneOf() {
    String open = "a [ has no ]; write [a-z], or \\[ for the character itself";
    boolean negated = isNext('^');
    if (negated) {
      at++;
    } else if (isNext('!')) {
      throw new IllegalArgumentException("the other characters are written [^a-z], with ^, not !");
    }
    List<PatternToken.Range> ranges = new ArrayList<>();
    do {
      int from = member(next(open), open);
      int to = from;
      if (isNext('-')) {
        at++;
        to = member(next(open), open);
      }
      if (to < from) {
        throw new IllegalArgumentException("a range of characters goes upwards, as in [a-z]");
      }
      ranges.add(new PatternToken.Range(from, to));
    } while (!isNext(']'));
    at++;
    return new PatternToken.One(List.copyOf(ranges), negated);
  }

  private int member(int c, String open) {
    if (c == '\\') {
      return next(open);
    }
    if (c == ']' || c == '-' || c == '/') {
      throw new IllegalArgumentException(
          "] and - stand between brackets after a \\, and / does not stand there");
    }
    return c;
  }

  private boolean isNext(int c) {
    return at < text.length && text[at] == c;
  }

  private int next(String problem) {
    if (at == text.length) {
      throw new IllegalArgumentException(problem);
    }
    return text[at++];
  }

  private static PatternToken literal(int c) {
    return new PatternToken.One(List.of(new PatternToken.Range(c, c)), false);
  }
}
