package dev.imagespec.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

  /** More alternatives than anybody writes. A marker with more is not compared. */
  private static final int MAX_ALTERNATIVES = 256;

  private static final int MAX_DEPTH = 64;

  /** As many characters as a whole requirement has. */
  private static final int MAX_LENGTH = 8192;

  /** Stands for conditions that are too many to compare. */
  private static final Condition UNDECIDED = new Condition("", "", "");

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

  /** What variables are in an image, in which nobody asks for an extra of the requirement. */
  private static final Map<String, String> LINUX =
      Map.of("os_name", "posix", "sys_platform", "linux", "platform_system", "Linux", "extra", "");

  private static final String TURNED_AROUND = " turned";

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

    /** Whether it is true on Linux; empty if that depends on more. */
    private Optional<Boolean> onLinux() {
      return holds(LINUX);
    }

    /**
     * Whether it is true.
     *
     * @param variables the values of the variables that are known
     * @return empty if its variable is not among them
     */
    private Optional<Boolean> holds(Map<String, String> variables) {
      String actual = variables.get(variable);
      if (actual == null) {
        return Optional.empty();
      }
      if (isVersion()) {
        return Optional.of(PythonVersions.admit(List.of(operator + value), actual));
      }
      if (VERSIONS.contains(variable) && !operator.contains("in")) {
        return Optional.empty();
      }
      return switch (operator) {
        case "==", "===" -> Optional.of(actual.equals(value));
        case "!=" -> Optional.of(!actual.equals(value));
        case "in" -> Optional.of(value.contains(actual));
        case "not in" -> Optional.of(!value.contains(actual));
        case "in turned" -> Optional.of(actual.contains(value));
        case "not in turned" -> Optional.of(!actual.contains(value));
        default -> Optional.empty();
      };
    }

    private boolean isVersion() {
      return VERSIONS.contains(variable)
          && Set.of("<", "<=", ">", ">=", "==", "!=", "~=").contains(operator)
          && value.matches("[0-9]+(\\.[0-9]+)*+(\\.\\*)?");
    }

    /** The text, with the variable on the left if that is possible. */
    @Override
    public String toString() {
      String quoted = value.contains("\"") ? "'" + value + "'" : '"' + value + '"';
      return operator.endsWith(TURNED_AROUND)
          ? quoted
              + " "
              + operator.substring(0, operator.length() - TURNED_AROUND.length())
              + " "
              + variable
          : variable + " " + operator + " " + quoted;
    }

    private boolean isText() {
      return !VERSIONS.contains(variable) && Set.of("==", "===", "!=").contains(operator);
    }
  }

  /**
   * Reads the text after the semicolon.
   *
   * @throws IllegalArgumentException if the text is not a marker
   */
  static PythonMarker parse(String text) {
    return parse(text, Map.of(), VARIABLES);
  }

  /**
   * Reads a marker of a lock (PEP 751) for images, which are Linux: without the conditions that
   * this and the groups decide. No extra is installed, and of the dependency groups the default
   * ones.
   *
   * @param groups the names of the default groups
   * @throws IllegalArgumentException if the text is not a marker, or one with too many alternatives
   */
  public static PythonMarker parseInLock(String text, Collection<String> groups) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("the marker has more than " + MAX_LENGTH + " characters");
    }
    Map<String, Collection<String>> sets = Map.of("extras", Set.of(), "dependency_groups", groups);
    Set<String> variables = new HashSet<>(VARIABLES);
    variables.addAll(sets.keySet());
    PythonMarker marker = parse(text, sets, variables);
    if (marker.alternatives.stream().anyMatch(all -> all.contains(UNDECIDED))) {
      throw new IllegalArgumentException(
          "the marker has more than " + MAX_ALTERNATIVES + " alternatives");
    }
    return marker.alternatives.contains(List.of()) ? ALWAYS : marker;
  }

  private static PythonMarker parse(
      String text, Map<String, Collection<String>> sets, Set<String> variables) {
    Parser parser = new Parser(text, sets, variables);
    List<List<Condition>> alternatives = parser.or();
    parser.end();
    return new PythonMarker(alternatives);
  }

  /** Whether no environment satisfies it. */
  public boolean isNever() {
    return alternatives.isEmpty();
  }

  /**
   * Whether it is true.
   *
   * @param variables the values of the variables that are known
   * @return empty if that depends on others
   */
  public Optional<Boolean> holds(Map<String, String> variables) {
    boolean isOpen = false;
    for (List<Condition> all : alternatives) {
      List<Optional<Boolean>> decided =
          all.stream().map(condition -> condition.holds(variables)).toList();
      if (decided.stream().allMatch(value -> value.orElse(false))) {
        return Optional.of(true);
      }
      isOpen |= decided.stream().allMatch(value -> value.orElse(true));
    }
    return isOpen ? Optional.empty() : Optional.of(false);
  }

  /** The text, the same for markers that differ in order, brackets and quotes alone. */
  @Override
  public String toString() {
    return alternatives.stream()
        .map(
            all ->
                all.stream()
                    .map(Condition::toString)
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(" and ")))
        .distinct()
        .sorted()
        .collect(Collectors.joining(" or "));
  }

  /** This marker for images, which are Linux: without the conditions that this decides. */
  public PythonMarker onLinux() {
    List<List<Condition>> left = new ArrayList<>();
    for (List<Condition> all : alternatives) {
      if (all.stream().allMatch(condition -> condition.onLinux().orElse(true))) {
        left.add(all.stream().filter(condition -> condition.onLinux().isEmpty()).toList());
      }
    }
    return new PythonMarker(left);
  }

  /** Whether some environment surely satisfies both markers. False if this cannot be decided. */
  public boolean meets(PythonMarker other) {
    return alternatives.stream()
        .anyMatch(
            mine ->
                other.alternatives.stream()
                    .anyMatch(
                        theirs -> areSatisfiable(Stream.concat(mine.stream(), theirs.stream()))));
  }

  /** Whether some environment surely satisfies all conditions. */
  private static boolean areSatisfiable(Stream<Condition> conditions) {
    Map<String, List<Condition>> byVariable =
        conditions.distinct().collect(Collectors.groupingBy(Condition::variable));
    boolean isMixed =
        byVariable.containsKey("python_version") && byVariable.containsKey("python_full_version");
    return !isMixed && byVariable.values().stream().allMatch(PythonMarker::haveValue);
  }

  /** Whether some value of one variable surely satisfies all conditions. */
  private static boolean haveValue(List<Condition> conditions) {
    if (conditions.size() == 1) {
      return !conditions.contains(UNDECIDED);
    }
    if (conditions.stream().allMatch(Condition::isVersion)) {
      return !PythonVersions.of(
              conditions.stream()
                  .map(condition -> condition.operator() + condition.value())
                  .toList())
          .isEmpty();
    }
    if (!conditions.stream().allMatch(Condition::isText)) {
      return false;
    }
    Set<String> values = new HashSet<>();
    Set<String> others = new HashSet<>();
    conditions.forEach(
        condition -> (condition.operator().equals("!=") ? others : values).add(condition.value()));
    return values.size() <= 1 && values.stream().noneMatch(others::contains);
  }

  /** A recursive descent parser. Its results are in disjunctive normal form. */
  private static final class Parser {
    private final String text;
    private final Matcher matcher;
    private final Map<String, Collection<String>> sets;
    private final Set<String> variables;
    private int at;
    private int depth;

    /**
     * A parser.
     *
     * @param sets the values of variables that are sets, which decide their conditions
     * @param variables the variables that there are
     */
    Parser(String text, Map<String, Collection<String>> sets, Set<String> variables) {
      this.text = text;
      this.sets = sets;
      this.variables = variables;
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
     * More alternatives than this are not compared: it is not decided where such a marker applies.
     */
    private static List<List<Condition>> limited(List<List<Condition>> all) {
      return all.size() <= MAX_ALTERNATIVES ? all : List.of(List.of(UNDECIDED));
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
                  operator.endsWith("in") ? operator + TURNED_AROUND : turned(operator),
                  left.text());
      return sets.isEmpty() ? List.of(List.of(condition)) : decided(condition);
    }

    /** A condition that is known does not make the normal form larger. */
    private List<List<Condition>> decided(Condition condition) {
      Collection<String> set = sets.get(condition.variable());
      if (set == null) {
        return of(condition.onLinux(), condition);
      }
      if (!condition.operator().endsWith(TURNED_AROUND)) {
        throw wrong("it is asked whether \"a name\" is in " + condition.variable());
      }
      boolean isIn = set.contains(PythonRequirement.normalized(condition.value()));
      return of(Optional.of(isIn == condition.operator().equals("in turned")), condition);
    }

    private static List<List<Condition>> of(Optional<Boolean> decided, Condition condition) {
      if (decided.isEmpty()) {
        return List.of(List.of(condition));
      }
      return decided.get() ? List.of(List.of()) : List.of();
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
      if (!variables.contains(name)) {
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
