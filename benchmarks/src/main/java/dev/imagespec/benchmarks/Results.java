package dev.imagespec.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All samples of a run, and what it was run on. */
final class Results {
  private final String date;
  private final Map<String, Object> machine;
  private final Map<String, Object> versions;
  private final String way;
  private final List<Sample> samples = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  /**
   * No samples yet.
   *
   * @param date the day, such as {@code 2026-11-28}
   * @param way how registries are reached
   */
  Results(String date, Map<String, Object> machine, Map<String, Object> versions, String way) {
    this.date = date;
    this.machine = machine;
    this.versions = versions;
    this.way = way;
  }

  void add(Sample sample) {
    samples.add(sample);
  }

  /** Notes what was not measured, and why. */
  void leaveOut(String what) {
    leftOut.add(what);
  }

  String date() {
    return date;
  }

  Map<String, Object> machine() {
    return machine;
  }

  Map<String, Object> versions() {
    return versions;
  }

  String way() {
    return way;
  }

  List<String> leftOut() {
    return leftOut;
  }

  List<Sample> of(String group) {
    return samples.stream().filter(sample -> sample.group().equals(group)).toList();
  }

  List<Sample> of(String group, Scenario scenario, Phase phase, String peer) {
    return of(group).stream()
        .filter(
            sample ->
                sample.scenario().equals(scenario)
                    && sample.phase() == phase
                    && sample.peer().equals(peer))
        .toList();
  }

  /** The scenarios of a group, in the order in which they were run. */
  Set<Scenario> scenarios(String group) {
    Set<Scenario> scenarios = new LinkedHashSet<>();
    of(group).forEach(sample -> scenarios.add(sample.scenario()));
    return scenarios;
  }

  /** The peers of some samples, in alphabetical order but for ours, which come first. */
  static List<String> peers(List<Sample> of) {
    return of.stream()
        .map(Sample::peer)
        .distinct()
        .sorted(
            java.util.Comparator.comparing((String peer) -> !peer.contains("imagespec"))
                .thenComparing(java.util.Comparator.naturalOrder()))
        .toList();
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("date", date);
    json.put("machine", machine);
    json.put("versions", versions);
    json.put("way", way);
    json.put("leftOut", leftOut);
    json.put("samples", samples.stream().map(Sample::toJson).toList());
    return json;
  }
}
