package dev.imagespec.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An environment marker of a Python requirement (PEP 508): the environments in which the
 * requirement applies, in disjunctive normal form.
 *
 * @param alternatives lists of conditions. The marker is true if all conditions of one list are
 *     true
 */
public record PythonMarker(List<List<Condition>> alternatives) {
  /** No marker: the requirement applies everywhere. */
  public static final PythonMarker ALWAYS = new PythonMarker(List.of(List.of()));

  /** More alternatives than anybody writes. A marker with more counts as {@link #ALWAYS}. */
  private static final int MAX_ALTERNATIVES = 256;

  private static final int MAX_DEPTH = 64;

  private static final Set<String> VARIABLES =
      Set.of(
          "python_version",
          "python_full_version",
          "os_name",
          "sys_platform",
          "platform_release",
          "platform_system",
          "platform_version",
          "platform_machine",
          "platform_python_implementation",
          "implementation_name",
          "implementation_version",
          "extra");
  private static final Map<String, String> FORMER_NAMES =
      Map.of(
          "os.name", "os_name",
          "sys.platform", "sys_platform",
          "platform.version", "platform_version",
          "platform.machine", "platform_machine",
          "platform.python_implementation", "platform_python_implementation",
          "python_implementation", "platform_python_implementation");
  private static final Set<String> VERSIONS =
      Set.of("python_version", "python_full_version", "implementation_version");
  private static final Map<String, String> TURNED =
      Map.of("<", ">", ">", "<", "<=", ">=", ">=", "<=");
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\G\\s*(?:([()])|(===|==|~=|!=|<=|>=|<|>)|\"([^\"]*)\"|'([^']*)'|([A-Za-z_][A-Za-z0-9_.]*))");

  public PythonMarker {
    alternatives = alternatives.stream().map(List::copyOf).toList();
  }

  /**
   * A comparison of a variable with a value.
   *
   * @param variable the variable's current name, for example {@code python_version}
   * @param operator {@code ==}, {@code in} and so on, with the variable on the left
   * @param value the value
   */
  public record Condition(String variable, String operator, String value) {

    private boolean excludes(Condition other) {
      if (!variable.equals(other.variable)) {
        return false;
      }
      if (VERSIONS.contains(variable) && isRange() && other.isRange()) {
        return !Range.of(this).meets(Range.of(other));
      }
      boolean sameValue = value.equals(other.value);
      return switch (operator) {
        case "==", "===" ->
            (other.operator.startsWith("==") && !sameValue)
                || (other.operator.equals("!=") && sameValue);
        case "!=" -> other.operator.startsWith("==") && sameValue;
        default -> false;
      };
    }

    private boolean isRange() {
      return Set.of("<", "<=", ">", ">=", "==", "~=").contains(operator)
          && value.matches("[0-9]{1,9}(\\.[0-9]{1,9})*+(\\.\\*)?");
    }
  }

  /**
   * Reads the text after the semicolon.
   *
   * @throws IllegalArgumentException if the text is not a marker
   */
  static PythonMarker parse(String text) {
    Parser parser = new Parser(text);
    List<List<Condition>> alternatives = parser.or();
    parser.end();
    return new PythonMarker(alternatives);
  }

  /** Whether no environment can satisfy both markers. False if this cannot be decided. */
  public boolean isDisjointFrom(PythonMarker other) {
    return alternatives.stream()
        .allMatch(mine -> other.alternatives.stream().allMatch(theirs -> exclude(mine, theirs)));
  }

  private static boolean exclude(List<Condition> mine, List<Condition> theirs) {
    List<Condition> all = Stream.concat(mine.stream(), theirs.stream()).toList();
    return all.stream().anyMatch(a -> all.stream().anyMatch(a::excludes));
  }

  /** A range of versions. An empty list means no bound. */
  private record Range(List<Integer> low, boolean lowIn, List<Integer> high, boolean highIn) {

    static Range of(Condition condition) {
      boolean prefix = condition.value().endsWith(".*");
      List<Integer> version =
          Stream.of(condition.value().replace(".*", "").split("\\."))
              .map(Integer::valueOf)
              .toList();
      return switch (condition.operator()) {
        case "<" -> new Range(List.of(), true, version, false);
        case "<=" -> new Range(List.of(), true, version, true);
        case ">" -> new Range(version, false, List.of(), true);
        case ">=" -> new Range(version, true, List.of(), true);
        case "~=" -> new Range(version, true, next(version.subList(0, version.size() - 1)), false);
        default ->
            prefix
                ? new Range(version, true, next(version), false)
                : new Range(version, true, version, true);
      };
    }

    private static List<Integer> next(List<Integer> version) {
      if (version.isEmpty()) {
        return List.of();
      }
      List<Integer> next = new ArrayList<>(version);
      next.set(next.size() - 1, next.get(next.size() - 1) + 1);
      return next;
    }

    boolean meets(Range other) {
      return below(this, other) && below(other, this);
    }

    /** Whether the low end of one range is at or below the high end of the other. */
    private static boolean below(Range a, Range b) {
      if (a.low.isEmpty() || b.high.isEmpty()) {
        return true;
      }
      int order = compare(a.low, b.high);
      return order < 0 || (order == 0 && a.lowIn && b.highIn);
    }

    private static int compare(List<Integer> a, List<Integer> b) {
      for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
        int order = Integer.compare(i < a.size() ? a.get(i) : 0, i < b.size() ? b.get(i) : 0);
        if (order != 0) {
          return order;
        }
      }
      return 0;
    }
  }

  /** A recursive descent parser. Its results are in disjunctive normal form. */
  private static final class Parser {
    private final String text;
    private final Matcher matcher;
    private int at;
    private int depth;

    Parser(String text) {
      this.text = text;
      this.matcher = TOKEN.matcher(text);
    }

    List<List<Condition>> or() {
      List<List<Condition>> all = new ArrayList<>(and());
      while (takes("or")) {
        all.addAll(and());
      }
      return limited(all);
    }

    private List<List<Condition>> and() {
      List<List<Condition>> all = atom();
      while (takes("and")) {
        List<List<Condition>> right = atom();
        List<List<Condition>> product = new ArrayList<>();
        for (List<Condition> a : all) {
          right.forEach(b -> product.add(Stream.concat(a.stream(), b.stream()).toList()));
        }
        all = limited(product);
      }
      return all;
    }

    /**
     * Dropping all conditions is safe: a marker without conditions is never disjoint from another.
     */
    private static List<List<Condition>> limited(List<List<Condition>> all) {
      return all.size() <= MAX_ALTERNATIVES ? all : List.of(List.of());
    }

    private List<List<Condition>> atom() {
      if (takes("(")) {
        if (++depth > MAX_DEPTH) {
          throw wrong("brackets are nested deeper than " + MAX_DEPTH);
        }
        List<List<Condition>> inner = or();
        depth--;
        if (!takes(")")) {
          throw wrong("a bracket is not closed");
        }
        return inner;
      }
      Operand left = operand();
      String operator = operator();
      Operand right = operand();
      if (left.isVariable() == right.isVariable()) {
        throw wrong("a marker compares a variable with a quoted value");
      }
      Condition condition =
          left.isVariable()
              ? new Condition(left.text(), operator, right.text())
              : new Condition(
                  right.text(),
                  operator.endsWith("in") ? operator + " turned" : turned(operator),
                  left.text());
      return List.of(List.of(condition));
    }

    private static String turned(String operator) {
      return TURNED.getOrDefault(operator, operator);
    }

    private record Operand(boolean isVariable, String text) {}

    private Operand operand() {
      if (!matcher.find(at)) {
        throw wrong("a value is missing");
      }
      String quoted = matcher.group(3) == null ? matcher.group(4) : matcher.group(3);
      String word = matcher.group(5);
      if (quoted != null) {
        at = matcher.end();
        return new Operand(false, quoted);
      }
      if (word == null) {
        throw wrong("a variable or a quoted value is missing");
      }
      String name = FORMER_NAMES.getOrDefault(word, word);
      if (!VARIABLES.contains(name)) {
        throw wrong("there is no marker variable " + word);
      }
      at = matcher.end();
      return new Operand(true, name);
    }

    private String operator() {
      if (matcher.find(at)) {
        String sign = matcher.group(2);
        if (sign != null) {
          at = matcher.end();
          return sign;
        }
        if (takes("in")) {
          return "in";
        }
        if (takes("not")) {
          if (takes("in")) {
            return "not in";
          }
          throw wrong("after \"not\" stands \"in\"");
        }
      }
      throw wrong("a comparison is missing");
    }

    private boolean takes(String word) {
      if (!matcher.find(at)) {
        return false;
      }
      boolean same = word.equals(matcher.group(5)) || word.equals(matcher.group(1));
      if (same) {
        at = matcher.end();
      }
      return same;
    }

    void end() {
      if (!text.substring(at).isBlank()) {
        throw wrong("\"" + text.substring(at).strip() + "\" is not understood");
      }
    }

    private static IllegalArgumentException wrong(String what) {
      return new IllegalArgumentException(
          "the marker is wrong: " + what + "; a marker is as python_version < \"3.12\"");
    }
  }
}
