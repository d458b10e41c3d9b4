package dev.imagespec.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** How values grow, on logarithmic scales: what grows in proportion is a line of 45 degrees. */
final class CurveChart {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 420;
  private static final int LEFT = 70;
  private static final int RIGHT = 210;
  private static final int TOP = 50;
  private static final int BOTTOM = 50;
  private static final List<String> COLOURS =
      List.of("#0b6e4f", "#c9722e", "#3b5bb5", "#8b3a8f", "#6b6f72", "#a01f3c");

  private final String title;
  private final String axis;
  private final Map<String, NavigableMap<Double, Double>> curves;

  /**
   * A chart.
   *
   * @param axis what the curves go along
   * @param curves the points, by the curves' names
   */
  CurveChart(String title, String axis, Map<String, NavigableMap<Double, Double>> curves) {
    this.title = title;
    this.axis = axis;
    this.curves = curves;
  }

  String draw() {
    List<Double> xs = curves.values().stream().flatMap(c -> c.keySet().stream()).sorted().toList();
    List<Double> ys = curves.values().stream().flatMap(c -> c.values().stream()).sorted().toList();
    double minX = Math.floor(Math.log10(xs.get(0)));
    double maxX = Math.ceil(Math.log10(xs.get(xs.size() - 1)));
    double minY = Math.floor(Math.log10(Math.max(ys.get(0), 1e-3)));
    double maxY = Math.ceil(Math.log10(Math.max(ys.get(ys.size() - 1), 1e-2)));
    double perX = (WIDTH - LEFT - RIGHT) / Math.max(1, maxX - minX);
    double perY = (HEIGHT - TOP - BOTTOM) / Math.max(1, maxY - minY);
    Svg svg = new Svg(WIDTH, HEIGHT, title, description());
    svg.text(10, 24, "start", title, true);
    for (double x = minX; x <= maxX; x++) {
      double at = LEFT + (x - minX) * perX;
      svg.line(at, TOP, at, HEIGHT - BOTTOM, "#dfe3e6", 1);
      svg.text(at, HEIGHT - BOTTOM + 18, "middle", number(Math.pow(10, x)), false);
    }
    for (double y = minY; y <= maxY; y++) {
      double at = HEIGHT - BOTTOM - (y - minY) * perY;
      svg.line(LEFT, at, WIDTH - RIGHT, at, "#dfe3e6", 1);
      svg.text(LEFT - 8, at + 4, "end", number(Math.pow(10, y)), false);
    }
    svg.text(LEFT + (WIDTH - LEFT - RIGHT) / 2.0, HEIGHT - 10, "middle", axis, false);
    int index = 0;
    for (Map.Entry<String, NavigableMap<Double, Double>> curve : curves.entrySet()) {
      String colour = COLOURS.get(index % COLOURS.size());
      double lastX = -1;
      double lastY = -1;
      for (Map.Entry<Double, Double> point : curve.getValue().entrySet()) {
        double x = LEFT + (Math.log10(point.getKey()) - minX) * perX;
        double y = HEIGHT - BOTTOM - (Math.log10(Math.max(point.getValue(), 1e-3)) - minY) * perY;
        if (lastX >= 0) {
          svg.line(lastX, lastY, x, y, colour, 2);
        }
        svg.dot(x, y, colour);
        lastX = x;
        lastY = y;
      }
      double key = TOP + 10 + index * 22.0;
      svg.line(WIDTH - RIGHT + 16, key - 4, WIDTH - RIGHT + 40, key - 4, colour, 3);
      svg.text(WIDTH - RIGHT + 46, key, "start", curve.getKey(), false);
      index++;
    }
    return svg.toString();
  }

  private String description() {
    List<String> parts = new ArrayList<>();
    curves.forEach(
        (name, points) ->
            points.forEach(
                (x, y) -> parts.add(name + " at " + number(x) + ": " + Spread.number(y))));
    return "Medians. " + String.join("; ", parts) + ".";
  }

  private static String number(double value) {
    return value >= 1
        ? String.valueOf(Math.round(value))
        : String.valueOf(value).replaceAll("0+$", "");
  }
}
