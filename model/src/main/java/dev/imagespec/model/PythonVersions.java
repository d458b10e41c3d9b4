package dev.imagespec.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The versions that satisfy version clauses of PEP 440, such as {@code >=1.20} and {@code !=1.21}.
 * Every interval between two versions counts as having versions in it.
 */
public final class PythonVersions {
  /** The operators, longer ones before those that they start with. */
  private static final List<String> OPERATORS =
      List.of("===", "~=", "==", "!=", "<=", ">=", "<", ">");

  private List<Range> ranges = List.of(new Range(null, true, null, true));
  private final Set<String> exact = new HashSet<>();
  private final Set<String> locals = new HashSet<>();
  private final Set<String> excludedLocals = new HashSet<>();

  private PythonVersions() {}

  /** The versions that satisfy all clauses. Ignores a clause that it cannot read. */
  public static PythonVersions of(List<String> clauses) {
    PythonVersions versions = new PythonVersions();
    clauses.forEach(versions::add);
    return versions;
  }

  /**
   * Whether a version satisfies all clauses.
   *
   * @param version a version without a local part
   */
  public static boolean admit(List<String> clauses, String version) {
    List<String> all = new ArrayList<>(clauses);
    all.add("==" + version);
    return !of(all).isEmpty();
  }

  /** Whether no version satisfies the clauses. */
  public boolean isEmpty() {
    return ranges.isEmpty()
        || exact.size() > 1
        || locals.size() > 1
        || locals.stream().anyMatch(excludedLocals::contains);
  }

  private void add(String clause) {
    String operator = OPERATORS.stream().filter(clause::startsWith).findFirst().orElse("");
    String version = clause.substring(operator.length()).strip();
    boolean prefix = version.endsWith(".*");
    if (operator.equals("===")) {
      exact.add(version.toLowerCase(Locale.ROOT));
    }
    Optional<PythonVersion> parsed =
        PythonVersion.parse(prefix ? version.substring(0, version.length() - 2) : version);
    if (parsed.isEmpty()) {
      return;
    }
    PythonVersion at = parsed.get();
    boolean isLocal = version.contains("+");
    if (operator.equals("!=") && isLocal) {
      excludedLocals.add(local(version));
      return;
    }
    if (operator.equals("==") && isLocal) {
      locals.add(local(version));
    }
    switch (operator) {
      case "==" -> keep(prefix ? release(at) : new Range(at, true, at, true));
      case "===" -> keep(new Range(at, true, at, true));
      case "!=" -> remove(prefix ? release(at) : new Range(at, true, at, true));
      case "~=" -> {
        keep(new Range(at, true, null, true));
        if (at.release().size() > 1) {
          keep(release(at.parent()));
        }
      }
      case "<=" -> keep(new Range(null, true, at, true));
      case ">=" -> keep(new Range(at, true, null, true));
      // A version that leads to 2 is not below 2, and a post-release of 2 is not above it.
      case "<" -> keep(new Range(null, true, at.isPre() ? at : at.first(), false));
      case ">" -> keep(new Range(at.isPost() ? at : at.last(), false, null, true));
      default -> throw new IllegalArgumentException("\"" + clause + "\" is no version clause");
    }
  }

  private static String local(String version) {
    return version.toLowerCase(Locale.ROOT).replaceAll("[-_]", ".");
  }

  private static Range release(PythonVersion version) {
    return new Range(version.first(), true, version.next(), false);
  }

  private void keep(Range other) {
    ranges = ranges.stream().map(other::meet).filter(range -> !range.isEmpty()).toList();
  }

  private void remove(Range other) {
    List<Range> left = new ArrayList<>();
    for (Range range : ranges) {
      if (other.low != null) {
        left.add(range.meet(new Range(null, true, other.low, !other.lowIn)));
      }
      if (other.high != null) {
        left.add(range.meet(new Range(other.high, !other.highIn, null, true)));
      }
    }
    ranges = left.stream().filter(range -> !range.isEmpty()).toList();
  }

  /** Versions between two, each in it or not; null is no bound. */
  private record Range(
      @Nullable PythonVersion low, boolean lowIn, @Nullable PythonVersion high, boolean highIn) {

    boolean isEmpty() {
      if (low == null || high == null) {
        return false;
      }
      int order = low.compareTo(high);
      return order > 0 || (order == 0 && !(lowIn && highIn));
    }

    Range meet(Range other) {
      int lower = low == null ? -1 : other.low == null ? 1 : low.compareTo(other.low);
      int upper = high == null ? 1 : other.high == null ? -1 : high.compareTo(other.high);
      return new Range(
          lower > 0 ? low : other.low,
          lower == 0 ? lowIn && other.lowIn : lower > 0 ? lowIn : other.lowIn,
          upper < 0 ? high : other.high,
          upper == 0 ? highIn && other.highIn : upper < 0 ? highIn : other.highIn);
    }
  }
}
