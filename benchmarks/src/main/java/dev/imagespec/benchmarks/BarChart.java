package dev.imagespec.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Bars that lie, in groups, with whiskers from the 10th to the 90th percentile. */
final class BarChart {
  private static final int WIDTH = 860;
  private static final int LEFT = 250;
  private static final int RIGHT = 150;
  private static final int BAR = 15;
  private static final int ROW = 20;
  private static final int HEAD = 30;
  private static final int TOP = 46;
  private static final String OURS = "#0b6e4f";
  private static final String FLOOR = "#9aa4ad";
  private static final String OTHERS = "#c9722e";
  private static final String INK = "#1f2328";

  private final String title;
  private final String unit;
  private final Map<String, Map<String, Spread>> groups;

  /**
   * A chart.
   *
   * @param unit of the values, such as {@code s}
   * @param groups by their headings: the values by the names of the bars
   */
  BarChart(String title, String unit, Map<String, Map<String, Spread>> groups) {
    this.title = title;
    this.unit = unit;
    this.groups = groups;
  }

  String draw() {
    int rows = groups.values().stream().mapToInt(Map::size).sum();
    int height = TOP + groups.size() * HEAD + rows * ROW + 14;
    Svg svg = new Svg(WIDTH, height, title, description());
    svg.text(10, 24, "start", title, true);
    double y = TOP;
    for (Map.Entry<String, Map<String, Spread>> group : groups.entrySet()) {
      // Each group has a scale of its own: a hundred images would leave nothing of one.
      double most = group.getValue().values().stream().mapToDouble(Spread::high).max().orElse(1);
      double scale = (WIDTH - LEFT - RIGHT) / Math.max(most, 1e-9);
      svg.text(10, y + 16, "start", group.getKey(), true);
      y += HEAD - 6;
      for (Map.Entry<String, Spread> bar : group.getValue().entrySet()) {
        Spread value = bar.getValue();
        double middle = y + BAR / 2.0;
        svg.text(LEFT - 8, y + 12, "end", bar.getKey(), false);
        svg.rectangle(LEFT, y, value.median() * scale, BAR, colour(bar.getKey()));
        svg.line(LEFT + value.low() * scale, middle, LEFT + value.high() * scale, middle, INK, 1);
        for (double end : new double[] {value.low(), value.high()}) {
          svg.line(LEFT + end * scale, middle - 4, LEFT + end * scale, middle + 4, INK, 1);
        }
        svg.text(LEFT + value.high() * scale + 6, y + 12, "start", text(value), false);
        y += ROW;
      }
      y += 6;
    }
    return svg.toString();
  }

  private String text(Spread value) {
    String number =
        unit.isEmpty() ? String.valueOf(Math.round(value.median())) : Spread.number(value.median());
    return unit.isEmpty() ? number : number + " " + unit;
  }

  private String description() {
    List<String> parts = new ArrayList<>();
    groups.forEach(
        (heading, bars) ->
            bars.forEach((name, value) -> parts.add(heading + ": " + name + " " + text(value))));
    return "Medians. " + String.join("; ", parts) + ".";
  }

  private static String colour(String bar) {
    if (bar.contains("imagespec")) {
      return OURS;
    }
    return bar.equals(Ideal.NAME) || bar.contains("AWS SDK") ? FLOOR : OTHERS;
  }
}
