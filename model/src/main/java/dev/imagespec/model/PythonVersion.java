package dev.imagespec.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version of a Python distribution by PEP 440, without its local part: {@code 1!2.0rc1.post2}.
 *
 * @param epoch the number before the exclamation mark, or 0
 * @param release the numbers of the release: 2 and 0
 * @param rest numbers in the order of the versions: the kind of pre-release and its number, the
 *     post-release, the development release
 */
record PythonVersion(BigInteger epoch, List<BigInteger> release, List<BigInteger> rest)
    implements Comparable<PythonVersion> {

  private static final Pattern FORM =
      Pattern.compile(
          "v?(?:([0-9]+)!)?([0-9]+(?:\\.[0-9]+)*+)"
              + "(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?([0-9]*))?"
              + "(?:(?:-([0-9]+))|(?:[-_.]?(post|rev|r)[-_.]?([0-9]*)))?"
              + "(?:[-_.]?(dev)[-_.]?([0-9]*))?"
              + "(?:\\+[a-z0-9]+(?:[-_.][a-z0-9]+)*+)?",
          Pattern.CASE_INSENSITIVE);

  private static final BigInteger LAST = BigInteger.TWO.pow(4096);
  private static final BigInteger FIRST = BigInteger.ONE.negate();
  private static final int FINAL = 3;

  PythonVersion {
    release = List.copyOf(release);
    rest = List.copyOf(rest);
  }

  /** Reads a version and drops its local part. Empty if the text is no version. */
  static Optional<PythonVersion> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String pre = matcher.group(3);
    boolean isPost = matcher.group(5) != null || matcher.group(6) != null;
    boolean isDev = matcher.group(8) != null;
    BigInteger preKind;
    if (pre == null) {
      // 1.dev0 comes before 1a0, and 1a0 before 1.
      preKind = isDev && !isPost ? FIRST : BigInteger.valueOf(FINAL);
    } else {
      preKind =
          switch (pre.toLowerCase(Locale.ROOT).charAt(0)) {
            case 'a' -> BigInteger.ZERO;
            case 'b' -> BigInteger.ONE;
            default -> BigInteger.TWO;
          };
    }
    String post = matcher.group(5) == null ? matcher.group(7) : matcher.group(5);
    return Optional.of(
        new PythonVersion(
            number(matcher.group(1)),
            release(matcher.group(2)),
            List.of(
                preKind,
                number(matcher.group(4)),
                isPost ? number(post) : FIRST,
                isDev ? number(matcher.group(9)) : LAST)));
  }

  private static BigInteger number(@Nullable String digits) {
    return digits == null || digits.isEmpty() ? BigInteger.ZERO : new BigInteger(digits);
  }

  private static List<BigInteger> release(String text) {
    List<BigInteger> numbers = new ArrayList<>();
    for (String part : text.split("\\.", -1)) {
      numbers.add(new BigInteger(part));
    }
    return numbers;
  }

  /** The first version of this release, before all that lead to it: {@code 2.dev0} for 2. */
  PythonVersion first() {
    return new PythonVersion(
        epoch, release, List.of(FIRST, BigInteger.ZERO, FIRST, BigInteger.ZERO));
  }

  /** A version after all post-releases of this one. */
  PythonVersion last() {
    return new PythonVersion(epoch, release, List.of(rest.get(0), rest.get(1), LAST, LAST));
  }

  /** The first version of the release after this one: 1.3 for 1.2. */
  PythonVersion next() {
    List<BigInteger> numbers = new ArrayList<>(release);
    int end = numbers.size() - 1;
    numbers.set(end, numbers.get(end).add(BigInteger.ONE));
    return new PythonVersion(epoch, numbers, rest).first();
  }

  /** This version's release without its last number: 1.4 for 1.4.5. */
  PythonVersion parent() {
    return new PythonVersion(epoch, release.subList(0, release.size() - 1), rest);
  }

  /** Whether the version leads to a release: an alpha, beta, candidate or development version. */
  boolean isPre() {
    return rest.get(0).compareTo(BigInteger.valueOf(FINAL)) < 0 || rest.get(3).compareTo(LAST) < 0;
  }

  boolean isPost() {
    return rest.get(2).signum() >= 0;
  }

  @Override
  public int compareTo(PythonVersion other) {
    int order = epoch.compareTo(other.epoch);
    order = order == 0 ? compare(release, other.release) : order;
    return order == 0 ? compare(rest, other.rest) : order;
  }

  private static int compare(List<BigInteger> a, List<BigInteger> b) {
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      BigInteger one = i < a.size() ? a.get(i) : BigInteger.ZERO;
      int order = one.compareTo(i < b.size() ? b.get(i) : BigInteger.ZERO);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
