package dev.imagespec.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The median of some values, and how far they spread. */
record Spread(double low, double median, double high) {
  private static final double LOW = 0.1;
  private static final double MIDDLE = 0.5;
  private static final double HIGH = 0.9;

  /** The 10th percentile, the median and the 90th percentile; between two values, in proportion. */
  static Spread of(List<Sample> samples, ToDoubleFunction<Sample> value) {
    List<Double> sorted = samples.stream().map(value::applyAsDouble).sorted().toList();
    return new Spread(at(sorted, LOW), at(sorted, MIDDLE), at(sorted, HIGH));
  }

  private static double at(List<Double> sorted, double part) {
    double place = part * (sorted.size() - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
  }

  /** A number of seconds or megabytes with as many digits as mean something. */
  static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }

  @Override
  public String toString() {
    return number(median) + " (" + number(low) + "–" + number(high) + ")";
  }
}
