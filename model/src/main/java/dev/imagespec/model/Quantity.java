package dev.imagespec.model;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of a resource as Kubernetes writes it ({@code k8s.io/apimachinery/pkg/api/resource},
 * "Quantity"): a number, not negative here, with a decimal unit ({@code m}, {@code k}, {@code M}),
 * a binary one ({@code Mi}) or an exponent ({@code e3}).
 *
 * @param amount the amount, in processors or bytes
 */
public record Quantity(BigDecimal amount) implements Comparable<Quantity> {
  /** Longer numbers are no amounts of anything. */
  private static final Pattern FORM =
      Pattern.compile(
          "\\+?([0-9]{1,20}(?:\\.[0-9]{0,20})?|\\.[0-9]{1,20})"
              + "(?:(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)|[eE]([+-]?[0-9]{1,2}))?");

  private static final BigDecimal BINARY = BigDecimal.valueOf(1024);
  private static final String BINARY_UNITS = "KMGTPE";

  private static final Map<String, Integer> DECIMAL_UNITS =
      Map.of("n", -9, "u", -6, "m", -3, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);

  /** How people write units that Kubernetes does not know. */
  private static final Pattern SLIP =
      Pattern.compile("([0-9.]+)\\s*([A-Za-z])(i?)(?:b|B|bytes?)?", Pattern.CASE_INSENSITIVE);

  /**
   * Reads a quantity.
   *
   * @throws IllegalArgumentException if it is none, or a negative one
   */
  public static Quantity parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("no quantity of Kubernetes");
    }
    BigDecimal number =
        new BigDecimal(form.group(1).endsWith(".") ? form.group(1) + "0" : form.group(1));
    String unit = form.group(2);
    if (unit == null) {
      String exponent = form.group(3);
      return new Quantity(
          exponent == null ? number : number.scaleByPowerOfTen(Integer.parseInt(exponent)));
    }
    return new Quantity(
        unit.endsWith("i")
            ? number.multiply(BINARY.pow(BINARY_UNITS.indexOf(unit.charAt(0)) + 1))
            : number.scaleByPowerOfTen(DECIMAL_UNITS.getOrDefault(unit, 0)));
  }

  /** The quantity that was probably meant by a text that is none, such as {@code 512MB}. */
  public static Optional<String> meant(String text) {
    Matcher slip = SLIP.matcher(text.strip());
    if (!slip.matches()) {
      return Optional.empty();
    }
    String upper = slip.group(2).toUpperCase(Locale.ROOT);
    String unit = upper.equals("K") && slip.group(3).isEmpty() ? "k" : upper;
    return Optional.of(slip.group(1) + unit + slip.group(3).toLowerCase(Locale.ROOT))
        .filter(meant -> FORM.matcher(meant).matches())
        .filter(meant -> !meant.equals(text));
  }

  /** Whether it is a whole number of parts of a size. */
  public boolean isWholeIn(BigDecimal size) {
    return amount.remainder(size).signum() == 0;
  }

  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }
}
