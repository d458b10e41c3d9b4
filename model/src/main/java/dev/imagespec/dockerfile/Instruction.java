package dev.imagespec.dockerfile;

import dev.imagespec.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An instruction of a Dockerfile.
 *
 * @param line the line on which it starts, from 1
 * @param keyword its name in upper case
 * @param flags its flags, such as {@code --from=build}
 * @param words what follows, split at white space
 * @param text what follows, on one line
 */
record Instruction(int line, String keyword, List<Flag> flags, List<Word> words, String text) {
  private static final Pattern HEREDOC = Pattern.compile("\\d{0,9}<<(-?)([^<]*)");
  private static final Pattern NAME = Pattern.compile("(['\"]?)([A-Za-z0-9_.-]+)\\1");

  Instruction {
    flags = List.copyOf(flags);
    words = List.copyOf(words);
  }

  /**
   * A part of the Dockerfile's text.
   *
   * @param text the part, without line ends
   * @param start where it starts in the Dockerfile
   * @param end where it ends
   */
  record Word(String text, int start, int end) {}

  /** A flag: {@code --name=value}. Without a value, the value is empty. */
  record Flag(String name, Word value) {}

  /** A document that follows a line: {@code <<NAME}. */
  record Heredoc(String name, boolean stripsTabs) {}

  /** The value of a flag; of several with the same name, the last counts. */
  Optional<Word> flag(String name) {
    return flags.stream()
        .filter(flag -> flag.name().equals(name))
        .map(Flag::value)
        .reduce((first, last) -> last);
  }

  /** The arguments: the words, or the texts of a JSON list. */
  List<String> arguments() {
    return list().orElseGet(() -> words.stream().map(Word::text).toList());
  }

  /** The arguments if they are a JSON list of texts. */
  private Optional<List<String>> list() {
    if (!text.startsWith("[")) {
      return Optional.empty();
    }
    try {
      List<String> texts = new ArrayList<>();
      if (Json.parse(text) instanceof List<?> list) {
        for (Object one : list) {
          if (!(one instanceof String word)) {
            return Optional.empty();
          }
          texts.add(word);
        }
        return Optional.of(texts);
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      // As builders do: what is no list is a line.
      return Optional.empty();
    }
  }

  /** The document that a word announces. */
  static Optional<Heredoc> heredoc(String word) {
    Matcher heredoc = HEREDOC.matcher(word);
    if (!heredoc.matches()) {
      return Optional.empty();
    }
    Matcher name = NAME.matcher(heredoc.group(2));
    return name.matches()
        ? Optional.of(new Heredoc(name.group(2), !heredoc.group(1).isEmpty()))
        : Optional.empty();
  }

  /** The instruction on one line. */
  @Override
  public String toString() {
    StringBuilder all = new StringBuilder(keyword);
    for (Flag flag : flags) {
      all.append(" --").append(flag.name());
      if (!flag.value().text().isEmpty()) {
        all.append('=').append(flag.value().text());
      }
    }
    return text.isEmpty() ? all.toString() : all.append(' ').append(text).toString();
  }
}
