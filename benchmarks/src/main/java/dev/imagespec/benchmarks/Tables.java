package dev.imagespec.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A run's results as Markdown. */
final class Tables {
  private static final double MEGA = 1e6;

  private Tables() {}

  /** Everything: the machine, the ratios, and a table for each scenario. */
  static List<String> of(Results results) {
    List<String> lines = new ArrayList<>();
    lines.add("Measured on " + results.date() + ". " + results.way());
    lines.add("");
    lines.add("| | |");
    lines.add("|---|---|");
    results.machine().forEach((key, value) -> lines.add("| " + key + " | " + value + " |"));
    for (Map.Entry<String, Object> version : results.versions().entrySet()) {
      lines.add("| " + version.getKey() + " | " + version.getValue() + " |");
    }
    lines.add("");
    lines.add("Elapsed times of ours, divided by those of others, by medians:");
    lines.add("");
    lines.add("| | aim | `bin/imagespec` | plain JVM |");
    lines.add("|---|---|---|---|");
    new Ratios(results).rows().forEach(row -> lines.add(row.toString()));
    group(results, Sample.MATRIX, lines);
    group(results, Sample.ECR, lines);
    group(results, Sample.MAVEN, lines);
    group(results, Sample.SCALE, lines);
    if (!results.leftOut().isEmpty()) {
      lines.add("");
      lines.add("Left out of this run:");
      lines.add("");
      results.leftOut().forEach(what -> lines.add("- " + what));
    }
    return lines;
  }

  private static void group(Results results, String group, List<String> lines) {
    for (Scenario scenario : results.scenarios(group)) {
      lines.add("");
      lines.add("#### " + title(group, scenario));
      lines.add("");
      boolean heap = group.equals(Sample.SCALE);
      lines.add(
          "| | requests | connections | MB up | MB down | elapsed, s | processor, s | memory, MB |"
              + (heap ? " heap, MB |" : ""));
      lines.add("|---|---|---|---|---|---|---|---|" + (heap ? "---|" : ""));
      for (Phase phase : Phase.values()) {
        List<Sample> all =
            results.of(group).stream()
                .filter(sample -> sample.scenario().equals(scenario) && sample.phase() == phase)
                .toList();
        for (String peer : Results.peers(all)) {
          lines.add(row(results.of(group, scenario, phase, peer), heap));
        }
      }
    }
  }

  private static String title(String group, Scenario scenario) {
    return switch (group) {
      case Sample.ECR -> "Amazon ECR, " + scenario.counted();
      case Sample.MAVEN -> "Maven, one module";
      case Sample.SCALE -> "Scale: " + scenario;
      default -> scenario.toString();
    };
  }

  private static String row(List<Sample> samples, boolean heap) {
    Sample first = samples.get(0);
    int failures = samples.stream().mapToInt(Sample::failures).sum();
    return "| %s, %s%s | %s | %s | %s | %s | %s | %s | %s |"
            .formatted(
                first.phase(),
                first.peer(),
                failures == 0
                    ? ""
                    : " (%d of %d images failed at first)"
                        .formatted(failures, samples.size() * first.scenario().images()),
                Math.round(Spread.of(samples, sample -> sample.traffic().requests()).median()),
                Math.round(Spread.of(samples, sample -> sample.traffic().connections()).median()),
                megabytes(Spread.of(samples, sample -> sample.traffic().up()).median()),
                megabytes(Spread.of(samples, sample -> sample.traffic().down()).median()),
                Spread.of(samples, sample -> sample.cost().wall()),
                Spread.of(samples, sample -> sample.cost().processor()),
                Math.round(Spread.of(samples, sample -> sample.cost().memoryMegabytes()).median()))
        + (heap
            ? " "
                + Math.round(Spread.of(samples, sample -> sample.cost().heapMegabytes()).median())
                + " |"
            : "");
  }

  private static String megabytes(double bytes) {
    return Spread.number(bytes / MEGA);
  }
}
