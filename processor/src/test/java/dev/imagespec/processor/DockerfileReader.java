package dev.imagespec.processor;

import dev.imagespec.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a Dockerfile as builders do: lines and continuations, flags, JSON arrays, quoted words.
 * After BuildKit's parser and shell lexer; knows nothing of how the texts were written. What would
 * be expanded, or read as a directive or a heredoc, is an error here.
 */
final class DockerfileReader {
  private static final int LINE = 64 * 1024;
  private static final Pattern DIRECTIVE =
      Pattern.compile("#\\s*(?:syntax|escape|check)\\s*=.*", Pattern.CASE_INSENSITIVE);
  private static final Pattern CONTINUED = Pattern.compile("(?s)(.*[^\\\\])?\\\\[ \\t]*");
  private static final Pattern INSTRUCTION =
      Pattern.compile("(?s)([A-Za-z]+)[\\t\\u000b\\f\\r ]+(.*)");
  private static final Pattern FLAG = Pattern.compile("(?s)(--[^\\s]*)\\s+(.*)");

  /**
   * An instruction.
   *
   * @param name in upper case
   * @param flags what stands before its arguments
   * @param words its arguments as they arrive: expanded, without quotes
   */
  record Instruction(String name, List<String> flags, List<String> words) {}

  /** Stands after a variable's text where a colon and the variable's own value follow. */
  static final String OWN_VALUE_FOLLOWS = "and its own value";

  private DockerfileReader() {}

  static List<Instruction> read(String text) {
    List<Instruction> instructions = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    boolean continued = false;
    boolean top = true;
    for (String line : text.split("\n", -1)) {
      if (line.getBytes(StandardCharsets.UTF_8).length >= LINE) {
        throw new IllegalArgumentException("a line of " + line.length() + " characters");
      }
      // The scanner takes a carriage return from before a line feed.
      String own = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      String stripped = trimmed(own);
      if (stripped.startsWith("#")) {
        if (top && DIRECTIVE.matcher(stripped).matches()) {
          throw new IllegalArgumentException("a directive: " + stripped);
        }
        continue;
      }
      if (stripped.isEmpty()) {
        continue;
      }
      top = false;
      Matcher more = CONTINUED.matcher(own);
      continued = more.matches();
      open.append(continued ? (more.group(1) == null ? "" : more.group(1)) : own);
      if (!continued) {
        instructions.add(instruction(trimmed(open.toString())));
        open.setLength(0);
      }
    }
    if (continued || open.length() > 0) {
      throw new IllegalArgumentException("the last line is continued");
    }
    return instructions;
  }

  private static Instruction instruction(String line) {
    Matcher matcher = INSTRUCTION.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no instruction: " + line);
    }
    String name = matcher.group(1).toUpperCase(Locale.ROOT);
    String rest = trimmed(matcher.group(2));
    List<String> flags = new ArrayList<>();
    for (Matcher flag = FLAG.matcher(rest); flag.matches(); flag = FLAG.matcher(rest)) {
      flags.add(flag.group(1));
      rest = trimmed(flag.group(2));
    }
    return new Instruction(
        name,
        flags,
        switch (name) {
          case "RUN", "CMD", "ENTRYPOINT" -> array(rest);
          case "ADD", "COPY", "VOLUME" -> array(rest).stream().map(DockerfileReader::word).toList();
          case "ENV", "LABEL" -> pairs(rest);
          case "USER", "WORKDIR" -> List.of(rest.startsWith("${") ? rest : word(rest));
          case "FROM", "EXPOSE", "ARG", "STOPSIGNAL" -> List.of(rest.split("\\s+", -1));
          default -> throw new IllegalArgumentException("an instruction " + name);
        });
  }

  /** Anything but an array of texts would be a line for the shell, with its heredocs. */
  private static List<String> array(String json) {
    List<String> texts = new ArrayList<>();
    for (Object one : (List<?>) Json.parse(json)) {
      texts.add((String) one);
    }
    return texts;
  }

  /** Splits {@code name=value} words, each into two. */
  private static List<String> pairs(String text) {
    List<String> pairs = new ArrayList<>();
    for (String word : words(text)) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("a word without = : " + word);
      }
      String name = word(word.substring(0, equals));
      pairs.add(name);
      String own = "${" + name + ":+:$" + name + "}\"";
      if (word.endsWith(own)) {
        pairs.add(word(word.substring(equals + 1, word.length() - own.length()) + '"'));
        pairs.add(OWN_VALUE_FOLLOWS);
      } else {
        pairs.add(word(word.substring(equals + 1)));
      }
    }
    return pairs;
  }

  /** Splits at white space outside of quotes; quotes and backslashes stay. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote == 0 && isSpace(c)) {
        if (word.length() > 0) {
          words.add(word.toString());
          word.setLength(0);
        }
        continue;
      }
      word.append(c);
      if (c == '\\' && quote != '\'') {
        if (i + 1 < text.length()) {
          word.append(text.charAt(++i));
        }
      } else if (quote == c) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      }
    }
    if (word.length() > 0) {
      words.add(word.toString());
    }
    return words;
  }

  /** What a word stands for. */
  private static String word(String raw) {
    StringBuilder out = new StringBuilder();
    int quote = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (quote == '\'') {
        if (c == '\'') {
          quote = 0;
        } else {
          out.append(c);
        }
      } else if (c == '$') {
        throw new IllegalArgumentException("expanded: " + raw);
      } else if (c == '\\') {
        char next = i + 1 < raw.length() ? raw.charAt(i + 1) : 0;
        if (quote == 0 || next == '"' || next == '$' || next == '\\') {
          i++;
          c = next;
        }
        out.append(c);
      } else if (c == '"') {
        quote = quote == 0 ? '"' : 0;
      } else if (c == '\'' && quote == 0) {
        quote = c;
      } else {
        out.append(c);
      }
    }
    if (quote != 0) {
      throw new IllegalArgumentException("an open quote: " + raw);
    }
    return out.toString();
  }

  /** As Go's strings.TrimSpace does. */
  private static String trimmed(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** As Go's unicode.IsSpace does. */
  private static boolean isSpace(char c) {
    return (c >= '\t' && c <= '\r')
        || c == ' '
        || c == 0x85
        || c == 0xa0
        || Character.isSpaceChar(c);
  }
}
