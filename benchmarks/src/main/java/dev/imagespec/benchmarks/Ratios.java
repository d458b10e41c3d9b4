package dev.imagespec.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What was aimed at, and what came of it: times of ours, divided by those of others. */
final class Ratios {
  private static final double COLD = 1.0 / 3;
  private static final double CHANGED = 0.2;
  private static final double NOTHING = 0.1;

  /** Over a long way, the least is one wait for answers, for us as for others. */
  private static final double FAR = 0.2;

  private static final double SHORT = 1.5;

  /**
   * A row.
   *
   * @param what the case
   * @param most how much was aimed at, at most
   * @param script our time with {@code bin/imagespec}, by theirs; empty if it was not measured
   * @param plain the same for ours with Java's own defaults
   */
  record Row(String what, double most, OptionalDouble script, OptionalDouble plain) {
    @Override
    public String toString() {
      return "| %s | ≤ %s | %s | %s |".formatted(what, text(most), text(script), text(plain));
    }

    private static String text(OptionalDouble ratio) {
      return ratio.isPresent() ? text(ratio.getAsDouble()) : "";
    }

    private static String text(double ratio) {
      return String.format(Locale.ROOT, "%.2f", ratio);
    }
  }

  private final Results results;

  Ratios(Results results) {
    this.results = results;
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (Scenario scenario : results.scenarios(Sample.MATRIX)) {
      if (scenario.images() < 20) {
        continue;
      }
      boolean near = scenario.roundTrip().isZero();
      for (Phase phase : Phase.values()) {
        double most =
            switch (phase) {
              case COLD -> COLD;
              case NOTHING -> near ? NOTHING : FAR;
              case CHANGED -> near ? CHANGED : FAR;
            };
        rows.add(
            new Row(
                phase + ", " + scenario + "; by the faster of both ways with jib-core",
                most,
                ratio(Sample.MATRIX, scenario, phase, Ours.SCRIPT, Jib.SEQUENTIAL, Jib.PARALLEL),
                ratio(Sample.MATRIX, scenario, phase, Ours.PLAIN, Jib.SEQUENTIAL, Jib.PARALLEL)));
      }
    }
    for (Scenario scenario : results.scenarios(Sample.ECR)) {
      rows.add(
          new Row(
              "nothing to do on Amazon ECR, "
                  + scenario.counted()
                  + "; by one request with the AWS SDK",
              SHORT,
              ratio(Sample.ECR, scenario, Phase.NOTHING, Ours.SCRIPT, ShortRun.FLOOR),
              ratio(Sample.ECR, scenario, Phase.NOTHING, Ours.PLAIN, ShortRun.PLAIN_FLOOR)));
    }
    for (Scenario scenario : results.scenarios(Sample.MAVEN)) {
      for (Phase phase : Phase.values()) {
        rows.add(
            new Row(
                phase + ", Maven with one module; by jib:build",
                1,
                OptionalDouble.empty(),
                ratio(
                    Sample.MAVEN,
                    scenario,
                    phase,
                    sample -> sample.cost().wall(),
                    MavenBuild.ours().name(),
                    MavenBuild.jib().name())));
        rows.add(
            new Row(
                phase + ", Maven with one module; by jib:build, processor time",
                1,
                OptionalDouble.empty(),
                ratio(
                    Sample.MAVEN,
                    scenario,
                    phase,
                    sample -> sample.cost().processor(),
                    MavenBuild.ours().name(),
                    MavenBuild.jib().name())));
      }
    }
    return rows.stream().filter(row -> row.script.isPresent() || row.plain.isPresent()).toList();
  }

  private OptionalDouble ratio(
      String group, Scenario scenario, Phase phase, String ours, String... theirs) {
    return ratio(group, scenario, phase, sample -> sample.cost().wall(), ours, theirs);
  }

  private OptionalDouble ratio(
      String group,
      Scenario scenario,
      Phase phase,
      ToDoubleFunction<Sample> value,
      String ours,
      String... theirs) {
    List<Sample> own = results.of(group, scenario, phase, ours);
    OptionalDouble best =
        Stream.of(theirs)
            .map(peer -> results.of(group, scenario, phase, peer))
            .filter(samples -> !samples.isEmpty())
            .mapToDouble(samples -> Spread.of(samples, value).median())
            .min();
    return own.isEmpty() || best.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Spread.of(own, value).median() / best.getAsDouble());
  }
}
