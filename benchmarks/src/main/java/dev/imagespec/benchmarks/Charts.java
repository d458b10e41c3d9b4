package dev.imagespec.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** A run's results as drawings, by their file names. */
final class Charts {
  private Charts() {}

  static Map<String, String> of(Results results) {
    Map<String, String> charts = new LinkedHashMap<>();
    for (Phase phase : Phase.values()) {
      String name = phase.name().toLowerCase(java.util.Locale.ROOT);
      add(charts, name + ".svg", times(results, phase, true));
      add(charts, name + "-far.svg", times(results, phase, false));
    }
    add(charts, "requests.svg", requests(results));
    add(charts, "processes.svg", processes(results));
    if (!results.scenarios(Sample.SCALE).isEmpty()) {
      charts.put("scale.svg", scale(results).draw());
    }
    return charts;
  }

  private static void add(Map<String, String> charts, String file, BarChartOf chart) {
    if (!chart.groups.isEmpty()) {
      charts.put(file, new BarChart(chart.title, chart.unit, chart.groups).draw());
    }
  }

  private record BarChartOf(String title, String unit, Map<String, Map<String, Spread>> groups) {}

  private static BarChartOf times(Results results, Phase phase, boolean near) {
    Map<String, Map<String, Spread>> groups = new LinkedHashMap<>();
    for (Scenario scenario : results.scenarios(Sample.MATRIX)) {
      if (scenario.roundTrip().isZero() == near) {
        put(groups, scenario.toString(), results, Sample.MATRIX, scenario, phase, Charts::wall);
      }
    }
    return new BarChartOf(
        "Elapsed time, " + phase + (near ? ", registry on the machine" : ", registry at 40 ms"),
        "s",
        groups);
  }

  private static double wall(Sample sample) {
    return sample.cost().wall();
  }

  private static void put(
      Map<String, Map<String, Spread>> groups,
      String heading,
      Results results,
      String group,
      Scenario scenario,
      Phase phase,
      ToDoubleFunction<Sample> value) {
    List<Sample> all =
        results.of(group).stream()
            .filter(sample -> sample.scenario().equals(scenario) && sample.phase() == phase)
            .toList();
    Map<String, Spread> bars = new LinkedHashMap<>();
    for (String peer : Results.peers(all)) {
      bars.put(peer, Spread.of(results.of(group, scenario, phase, peer), value));
    }
    if (!bars.isEmpty()) {
      groups.put(heading, bars);
    }
  }

  private static BarChartOf requests(Results results) {
    Map<String, Map<String, Spread>> groups = new LinkedHashMap<>();
    results.scenarios(Sample.MATRIX).stream()
        .filter(scenario -> scenario.roundTrip().isZero() && scenario.repositories() == 1)
        .max(java.util.Comparator.comparingInt(Scenario::images))
        .ifPresent(
            scenario -> {
              for (Phase phase : Phase.values()) {
                put(
                    groups,
                    phase + ", " + scenario,
                    results,
                    Sample.MATRIX,
                    scenario,
                    phase,
                    sample -> sample.traffic().requests());
              }
            });
    return new BarChartOf("Requests", "", groups);
  }

  private static BarChartOf processes(Results results) {
    Map<String, Map<String, Spread>> groups = new LinkedHashMap<>();
    for (Scenario scenario : results.scenarios(Sample.ECR)) {
      put(
          groups,
          "Amazon ECR, " + scenario.counted() + ", nothing to do",
          results,
          Sample.ECR,
          scenario,
          Phase.NOTHING,
          Charts::wall);
    }
    for (Scenario scenario : results.scenarios(Sample.MAVEN)) {
      for (Phase phase : Phase.values()) {
        put(groups, "Maven, " + phase, results, Sample.MAVEN, scenario, phase, Charts::wall);
      }
    }
    return new BarChartOf("Elapsed time of whole processes", "s", groups);
  }

  private static CurveChart scale(Results results) {
    Map<String, NavigableMap<Double, Double>> curves = new LinkedHashMap<>();
    for (Scenario scenario : results.scenarios(Sample.SCALE)) {
      for (Phase phase : Phase.values()) {
        List<Sample> samples = results.of(Sample.SCALE, scenario, phase, Ours.SCRIPT);
        if (!samples.isEmpty()) {
          point(curves, phase + ", s", scenario, samples, Charts::wall);
          point(curves, phase + ", processor, s", scenario, samples, s -> s.cost().processor());
          point(curves, phase + ", heap, MB", scenario, samples, s -> s.cost().heapMegabytes());
        }
      }
    }
    return new CurveChart("Growth with the number of tasks, up to 1,000 images", "tasks", curves);
  }

  private static void point(
      Map<String, NavigableMap<Double, Double>> curves,
      String name,
      Scenario scenario,
      List<Sample> samples,
      ToDoubleFunction<Sample> value) {
    curves
        .computeIfAbsent(name, key -> new TreeMap<>())
        .put((double) scenario.tasks(), Spread.of(samples, value).median());
  }
}
