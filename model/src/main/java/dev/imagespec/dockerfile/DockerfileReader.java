package dev.imagespec.dockerfile;

import dev.imagespec.dockerfile.DockerfileMistake.Kind;
import dev.imagespec.dockerfile.Instruction.Flag;
import dev.imagespec.dockerfile.Instruction.Heredoc;
import dev.imagespec.dockerfile.Instruction.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a Dockerfile into its instructions, as BuildKit does: directives, comments, lines that go
 * on, flags, and documents that follow a line. Takes each character once.
 */
final class DockerfileReader {
  private static final Pattern DIRECTIVE =
      Pattern.compile("(?Us)#\\s*([A-Za-z][A-Za-z0-9]*)\\s*=\\s*(\\S.*)");
  private static final Set<String> DIRECTIVES = Set.of("syntax", "escape", "check");
  private static final Set<String> WITH_DOCUMENTS = Set.of("RUN", "COPY", "ADD");
  private static final Set<String> WITH_ASSIGNMENTS = Set.of("ARG", "ENV");
  private static final int MOST_INSTRUCTIONS = 5_000;

  private final String text;
  private final List<Instruction> instructions = new ArrayList<>();
  private final List<DockerfileMistake> mistakes = new ArrayList<>();
  private final Map<String, Word> directives = new TreeMap<>();
  private char escape = '\\';

  /** Where the next line starts. */
  private int next;

  /** The line of the first instruction with a document; 0 if there is none. */
  private int documents;

  /** The number of the line that was read last. */
  private int line;

  private DockerfileReader(String text) {
    this.text = text;
  }

  /**
   * What was read.
   *
   * @param documents the line of the first instruction with a document; 0 if there is none
   */
  record Result(
      List<Instruction> instructions,
      List<DockerfileMistake> mistakes,
      Map<String, Word> directives,
      char escape,
      int documents) {}

  /** Reads a text whose lines end with line feeds. */
  static Result read(String text) {
    DockerfileReader reader = new DockerfileReader(text);
    reader.directives();
    while (reader.mistakes.isEmpty() && reader.hasLine()) {
      reader.instruction();
    }
    return new Result(
        reader.instructions, reader.mistakes, reader.directives, reader.escape, reader.documents);
  }

  /** A line of the text. */
  private record Line(String text, int start, int number) {}

  private boolean hasLine() {
    return next < text.length();
  }

  private Line line() {
    int start = next;
    int end = text.indexOf('\n', start);
    next = end < 0 ? text.length() : end + 1;
    line++;
    return new Line(text.substring(start, end < 0 ? text.length() : end), start, line);
  }

  private void directives() {
    while (hasLine()) {
      int start = next;
      Line read = line();
      String said = read.text().strip();
      if (read.number() == 1 && said.startsWith("#!")) {
        continue;
      }
      Matcher directive = DIRECTIVE.matcher(said);
      String name = directive.matches() ? directive.group(1).toLowerCase(Locale.ROOT) : "";
      if (!DIRECTIVES.contains(name) || directives.containsKey(name)) {
        next = start;
        line--;
        return;
      }
      directives.put(
          name, new Word(directive.group(2).strip(), start, start + read.text().length()));
      if (name.equals("escape")) {
        String value = directive.group(2).strip();
        if (!value.equals("\\") && !value.equals("`")) {
          mistake(read.number(), "escape is \\ or `");
        }
        escape = value.charAt(0);
      }
    }
  }

  private void mistake(int where, String what) {
    mistakes.add(new DockerfileMistake(where, Kind.WRONG, what));
  }

  /** An instruction on one line, with the place of each character in the text. */
  private static final class Logical {
    final StringBuilder text = new StringBuilder();
    final List<int[]> pieces = new ArrayList<>();

    void append(String piece, int start) {
      pieces.add(new int[] {text.length(), start});
      text.append(piece);
    }

    int place(int index) {
      int low = 0;
      int high = pieces.size() - 1;
      while (low < high) {
        int middle = (low + high + 1) / 2;
        if (pieces.get(middle)[0] <= index) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return pieces.get(low)[1] + index - pieces.get(low)[0];
    }

    Word word(int start, int end) {
      return new Word(
          text.substring(start, end),
          place(start),
          end == start ? place(start) : place(end - 1) + 1);
    }
  }

  private void instruction() {
    Line first = line();
    if (isComment(first.text()) || first.text().isBlank()) {
      return;
    }
    Logical logical = new Logical();
    int left = first.text().length() - first.text().stripLeading().length();
    boolean goesOn = append(logical, first.text().substring(left), first.start() + left);
    while (goesOn && hasLine()) {
      Line more = line();
      if (!isComment(more.text()) && !more.text().isBlank()) {
        goesOn = append(logical, more.text(), more.start());
      }
    }
    if (!logical.text.toString().isBlank()) {
      if (instructions.size() == MOST_INSTRUCTIONS) {
        mistake(first.number(), "a Dockerfile has at most " + MOST_INSTRUCTIONS + " instructions");
        return;
      }
      Instruction read = parse(logical, first.number());
      instructions.add(read);
      if (WITH_DOCUMENTS.contains(read.keyword())) {
        documents(read);
      }
    }
  }

  private static boolean isComment(String line) {
    return line.stripLeading().startsWith("#");
  }

  /** Appends a line, and returns whether the next one belongs to it. */
  private boolean append(Logical logical, String piece, int start) {
    int end = piece.length();
    while (end > 0 && (piece.charAt(end - 1) == ' ' || piece.charAt(end - 1) == '\t')) {
      end--;
    }
    boolean goesOn =
        end > 0 && piece.charAt(end - 1) == escape && (end == 1 || piece.charAt(end - 2) != escape);
    logical.append(goesOn ? piece.substring(0, end - 1) : piece, start);
    return goesOn;
  }

  private Instruction parse(Logical logical, int number) {
    String all = logical.text.toString();
    int at = space(all, skip(all, 0), false);
    String keyword = all.substring(skip(all, 0), at).toUpperCase(Locale.ROOT);
    List<Flag> flags = new ArrayList<>();
    at = skip(all, at);
    while (all.startsWith("--", at)) {
      int end = space(all, at, true);
      if (end == at + 2) {
        break;
      }
      flags.add(flag(logical, at + 2, end, number));
      at = skip(all, end);
    }
    String rest = all.substring(at).strip();
    List<Word> words = new ArrayList<>();
    for (int start = at; start < all.length(); start = skip(all, start)) {
      int end = space(all, start, WITH_ASSIGNMENTS.contains(keyword));
      words.add(logical.word(start, end));
      start = end;
    }
    return new Instruction(number, keyword, flags, words, rest);
  }

  /** A flag without its quotes, which builders take away wherever they stand. */
  private Flag flag(Logical logical, int start, int end, int number) {
    String written = logical.text.substring(start, end);
    if (written.indexOf('\\') >= 0 || written.indexOf(escape) >= 0) {
      mistake(number, "a flag has no \\ or `; write it without");
    }
    int equals = written.indexOf('=');
    String name = equals < 0 ? written : written.substring(0, equals);
    Word value = unquoted(logical.word(equals < 0 ? end : start + equals + 1, end));
    return new Flag(
        withoutQuotes(name), new Word(withoutQuotes(value.text()), value.start(), value.end()));
  }

  private static String withoutQuotes(String text) {
    return text.replace("\"", "").replace("'", "");
  }

  private static Word unquoted(Word word) {
    String value = word.text();
    int end = value.length() - 1;
    boolean isQuoted =
        end > 0
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(end) == value.charAt(0);
    return isQuoted ? new Word(value.substring(1, end), word.start() + 1, word.end() - 1) : word;
  }

  private static int skip(String all, int start) {
    int at = start;
    while (at < all.length() && Character.isWhitespace(all.charAt(at))) {
      at++;
    }
    return at;
  }

  /**
   * The next white space, or the end.
   *
   * @param minding whether quotes keep words together
   */
  private int space(String all, int start, boolean minding) {
    char quote = 0;
    for (int at = start; at < all.length(); at++) {
      char c = all.charAt(at);
      if (minding && c == escape && quote != '\'') {
        at++;
      } else if (minding && quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      } else if (quote == 0 && Character.isWhitespace(c)) {
        return at;
      }
    }
    return all.length();
  }

  /** Passes over the documents that follow an instruction. */
  private void documents(Instruction read) {
    List<Heredoc> announced = new ArrayList<>();
    for (int start = 0; start < read.text().length(); start = skip(read.text(), start)) {
      int end = space(read.text(), start, true);
      Instruction.heredoc(read.text().substring(start, end)).ifPresent(announced::add);
      start = end;
    }
    if (documents == 0 && !announced.isEmpty()) {
      documents = read.line();
    }
    for (Heredoc document : announced) {
      boolean isEnded = false;
      while (!isEnded && hasLine()) {
        String said = line().text();
        isEnded = (document.stripsTabs() ? tabless(said) : said).equals(document.name());
      }
      if (!isEnded) {
        mistake(read.line(), "the document <<" + document.name() + " has no end");
        return;
      }
    }
  }

  private static String tabless(String said) {
    int at = 0;
    while (at < said.length() && said.charAt(at) == '\t') {
      at++;
    }
    return said.substring(at);
  }
}
